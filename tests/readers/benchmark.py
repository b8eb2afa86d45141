"""Answers questions about a benchmark's database that datagen made, and about one of the same scale that DuckDB's own generator made.

    benchmark.py NAME DIRECTORY SCALE < questions   with DIRECTORY/TABLE.parquet for each table; NAME is tpch or tpcds

Questions are a JSON list of SQL queries. Each is asked of both databases; the answers are a JSON list of pairs, datagen's and the
generator's, of the first value as text. The databases are the schemas made, and dbgen (tpch) or dsdgen (tpcds). Two tables
of facts compare them and are the same in both, here as with dbgen:

    queries   number, made, dbgen: how many rows each of the benchmark's queries returns
    facts     name of a column, and of either side (made_, dbgen_): rows, type, nulls, how many values, low, high and mean of
              numbers and dates, shortest and longest of texts and their mean length
"""

import json
import pathlib
import sys
from importlib.util import find_spec

import duckdb

GENERATORS = {"tpch": "dbgen", "tpcds": "dsdgen"}
FACTS = ("rows", "type", "nulls", "how_many", "low", "high", "mean", "shortest", "longest", "mean_length")


def main():
    name, directory, scale = sys.argv[1], pathlib.Path(sys.argv[2]), float(sys.argv[3])
    sides = ("made", GENERATORS[name])
    database = duckdb.connect()
    database.load_extension(str(extension(name)))
    load(database, sides, directory, scale)
    compare_queries(database, sides, name)
    compare_columns(database, sides)
    json.dump([ask(database, sides, question) for question in json.load(sys.stdin)], sys.stdout)


def extension(name):
    """DuckDB's own signed file of the extension, which the package brings; DuckDB checks the signature."""
    package = find_spec(f"duckdb_extension_{name}")
    return next(pathlib.Path(package.origin).parent.glob(f"extensions/*/{name}.duckdb_extension"))


def load(database, sides, directory, scale):
    made, generator = sides
    for side in sides:
        database.execute(f"create schema {side}")
    database.execute(f"call {generator}(sf = {scale}, schema = '{generator}')")
    for table in tables(database, generator):
        database.execute(f"create table {made}.{table} as from '{directory}/{table}.parquet'")


def tables(database, side):
    found = database.execute("select table_name from duckdb_tables() where schema_name = ? order by 1", [side])
    return [name for (name,) in found.fetchall()]


def ask(database, sides, question):
    answers = []
    for side in sides:
        database.execute(f"set search_path = '{side},main'")
        answers.append(str(database.execute(question).fetchone()[0]))
    return answers


def compare_queries(database, sides, name):
    database.execute(f"create table main.queries (number int, made bigint, {sides[1]} bigint)")
    for number, query in database.execute(f"select query_nr, query from {name}_queries()").fetchall():
        rows = []
        for side in sides:
            database.execute(f"set search_path = '{side},main'")
            rows.append(len(database.execute(query).fetchall()))
        database.execute("insert into main.queries values (?, ?, ?)", [number, *rows])


def compare_columns(database, sides):
    told = [f"{side}.{fact} as {side}_{fact}" for side in sides for fact in FACTS]
    of_sides = [f"({facts(database, side, tables(database, sides[1]))}) {side}" for side in sides]
    database.execute(f"create table main.facts as select name, {', '.join(told)} from {' full join '.join(of_sides)} using (name)")


def facts(database, side, names):
    """A query for the facts about each column of one database."""
    parts = []
    for table in names:
        for column, kind, *_ in database.execute(f"describe {side}.{table}").fetchall():
            number = {"VARCHAR": "null", "DATE": f"{column} - date '1970-01-01'"}.get(kind, column)
            text = column if kind == "VARCHAR" else "null"
            parts.append(
                f"select '{column}' as name, count(*) as rows, '{kind}' as type, count(*) - count({column}) as nulls, "
                f"count(distinct {column}) as how_many, min(({number})::double) as low, max(({number})::double) as high, "
                f"avg(({number})::double) as mean, min(length({text})) as shortest, max(length({text})) as longest, "
                f"avg(length({text})) as mean_length from {side}.{table}"
            )
    return " union all ".join(parts)


main()
