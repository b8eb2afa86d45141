"""Reads a run's Parquet files into DuckDB and answers questions about them.

    claims.py DIRECTORY < questions   with DIRECTORY/TABLE.parquet for each table

Questions are a JSON list of SQL queries, answers a JSON list of the first value of each as text, in lower case.
"""

import json
import pathlib
import sys

import duckdb


def main():
    database = duckdb.connect()
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.parquet")):
        database.execute(f"create table {path.stem} as from '{path}'")
    answers = [database.execute(question).fetchone()[0] for question in json.load(sys.stdin)]
    json.dump([str(answer).lower() for answer in answers], sys.stdout)


main()
