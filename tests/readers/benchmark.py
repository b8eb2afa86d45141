"""Answers questions about a TPC-H database that datagen made, and about one of the same scale that DuckDB's dbgen made.

    tpch.py DIRECTORY SCALE < questions   with DIRECTORY/TABLE.parquet for each table

Questions are a JSON list of SQL queries. Each is asked of both databases; the answers are a JSON list of pairs, datagen's
and dbgen's, of the first value as text. Two tables of facts compare the databases and are the same in both:

    queries   number, made, dbgen: how many rows each of the benchmark's 22 queries returns
    facts     name of a column, and of either side (made_, dbgen_): type, nulls, how many values, low and high of numbers
              and dates, shortest and longest of texts
"""

import json
import pathlib
import sys
from importlib.util import find_spec

import duckdb

SIDES = ("made", "dbgen")
FACTS = ("type", "nulls", "how_many", "low", "high", "shortest", "longest")


def main():
    directory, scale = pathlib.Path(sys.argv[1]), float(sys.argv[2])
    database = duckdb.connect()
    database.load_extension(str(extension()))
    load(database, directory, scale)
    compare_queries(database)
    compare_columns(database)
    json.dump([ask(database, question) for question in json.load(sys.stdin)], sys.stdout)


def extension():
    """DuckDB's own signed file of the extension, which the package brings; DuckDB checks the signature."""
    package = find_spec("duckdb_extension_tpch")
    return next(pathlib.Path(package.origin).parent.glob("extensions/*/tpch.duckdb_extension"))


def load(database, directory, scale):
    for side in SIDES:
        database.execute(f"create schema {side}")
    database.execute(f"call dbgen(sf = {scale}, schema = 'dbgen')")
    for table in tables(database):
        database.execute(f"create table made.{table} as from '{directory}/{table}.parquet'")


def tables(database):
    return [name for (name,) in database.execute("select table_name from duckdb_tables() where schema_name = 'dbgen'").fetchall()]


def ask(database, question):
    answers = []
    for side in SIDES:
        database.execute(f"set search_path = '{side},main'")
        answers.append(str(database.execute(question).fetchone()[0]))
    return answers


def compare_queries(database):
    database.execute("create table main.queries (number int, made bigint, dbgen bigint)")
    for number, query in database.execute("select query_nr, query from tpch_queries()").fetchall():
        rows = ask(database, f"select count(*) from ({query.rstrip().rstrip(';')})")
        database.execute("insert into main.queries values (?, ?, ?)", [number, *rows])


def compare_columns(database):
    told = [f"{side}.{fact} as {side}_{fact}" for side in SIDES for fact in FACTS]
    made, dbgen = (facts(database, side) for side in SIDES)
    database.execute(
        f"create table main.facts as select name, {', '.join(told)} from ({made}) made full join ({dbgen}) dbgen using (name)"
    )


def facts(database, side):
    """A query for the facts about each column of one database."""
    parts = []
    for table in tables(database):
        for column, kind, *_ in database.execute(f"describe {side}.{table}").fetchall():
            number = {"VARCHAR": "null", "DATE": f"{column} - date '1970-01-01'"}.get(kind, column)
            text = column if kind == "VARCHAR" else "null"
            parts.append(
                f"select '{column}' as name, '{kind}' as type, count(*) - count({column}) as nulls, "
                f"count(distinct {column}) as how_many, min(({number})::double) as low, max(({number})::double) as high, "
                f"min(length({text})) as shortest, max(length({text})) as longest from {side}.{table}"
            )
    return " union all ".join(parts)


main()
