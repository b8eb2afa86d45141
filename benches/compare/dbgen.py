"""DuckDB's dbgen and COPY: dbgen.py SCALE THREADS FORMAT DIRECTORY TABLE...

DIRECTORY may be /dev/null. Prints {"seconds": ...} for dbgen and COPY, without the start of Python and DuckDB. dbgen always
makes all tables; those that are named are written.
"""

import json
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import duckdb


def main() -> None:
    scale, threads, output, directory, *tables = sys.argv[1:]
    connection = duckdb.connect(config={"threads": int(threads)})
    connection.load_extension(str(extension()))
    begin = time.perf_counter()
    connection.execute(f"CALL dbgen(sf = {float(scale)})")
    for table in tables:
        path = directory if directory == "/dev/null" else f"{directory}/{table}.{output}"
        connection.execute(f"COPY ({query(connection, table)}) TO '{path}' ({options(output)})")
    print(json.dumps({"seconds": time.perf_counter() - begin}))


def extension() -> Path:
    """The file of the extension; the package around it is not run, only its file is read, and DuckDB checks who signed it."""
    package = find_spec("duckdb_extension_tpch")
    assert package and package.origin, "duckdb-extension-tpch is in requirements.txt"
    return next(Path(package.origin).parent.glob("extensions/*/tpch.duckdb_extension"))


def query(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """The table with integers as wide as the others have them: keys of 64 bits, else 32."""
    columns = connection.execute(f"DESCRIBE {table}").fetchall()
    integers = [name for name, kind, *_ in columns if kind in ("INTEGER", "BIGINT")]
    casts = [f"{name}::{'BIGINT' if name.endswith('key') else 'INTEGER'} AS {name}" for name in integers]
    return f"SELECT * REPLACE ({', '.join(casts)}) FROM {table}"


def options(output: str) -> str:
    """What COPY is told."""
    return "FORMAT parquet, COMPRESSION snappy" if output == "parquet" else "FORMAT csv, HEADER"


if __name__ == "__main__":
    main()
