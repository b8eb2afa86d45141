"""ClickHouse's engine at the columns of mixed.yaml: clickhouse.py ROWS THREADS PATH

Prints {"seconds": ...} for the query, without the start of Python and the engine.
"""

import json
import sys
import time

import chdb

FIRST_NAMES = (
    "Mary James Linda John Susan Robert Karen Michael Lisa David Nancy William Sandra Richard Ashley Thomas Emily Mark "
    "Donna Paul Carol Steven Ruth Andrew Sharon Kevin Laura Brian Helen George Carlos Amy"
).split()
LAST_NAMES = (
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Martin Anderson Taylor Thomas Moore Jackson Lee Perez "
    "Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Baker Watson"
).split()

# rand's argument only makes each call another one.
QUERY = """
SELECT
    toInt64(number + 1) AS id,
    generateUUIDv4() AS code,
    concat(arrayElement({first_names}, rand(1) % {first_count} + 1), ' ',
           arrayElement({last_names}, rand(2) % {last_count} + 1)) AS name,
    concat('member', toString(number + 1), '@example.com') AS email,
    multiIf(rand(3) % 100 < 70, 'active', rand(3) % 100 < 90, 'paused', 'closed') AS status,
    toDecimal64(rand(4) % 1000000, 2) / 100 AS amount,
    toInt64(rand(5) % 1000000 + 1) AS account_id,
    toDateTime('2024-01-01 00:00:00', 'UTC') + rand(6) % 31536000 AS created_at
FROM numbers_mt({rows})
INTO OUTFILE '{path}' TRUNCATE
FORMAT CSVWithNames
SETTINGS max_threads = {threads}
"""


def main() -> None:
    rows, threads, path = sys.argv[1:]
    text = QUERY.format(
        first_names=FIRST_NAMES,
        first_count=len(FIRST_NAMES),
        last_names=LAST_NAMES,
        last_count=len(LAST_NAMES),
        rows=int(rows),
        threads=int(threads),
        path=path,
    )
    # The engine starts with its first query.
    chdb.query("SELECT 1")
    begin = time.perf_counter()
    chdb.query(text)
    print(json.dumps({"seconds": time.perf_counter() - begin}))


if __name__ == "__main__":
    main()
