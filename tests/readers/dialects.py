"""Loads scripts for MariaDB, SQLite and DuckDB into these, and compares the rows with the Parquet file of the same run.

    dialects.py DIRECTORY   with DIRECTORY/SPEC/mysql.sql, sqlite.sql, duckdb.sql and DIRECTORY/SPEC/parquet/

MariaDB is a throw-away server of the installed programs, and reads scripts by its own client. Where SPEC is `ecommerce`, statements that
the spec's rules forbid are tried, too. Prints the number of values compared, or what differs and exits with 1.
"""

import contextlib
import datetime
import decimal
import json
import os
import pathlib
import pwd
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import uuid

import duckdb
import pyarrow as pa
import pyarrow.parquet
import pymysql
from compare import expect, from_json, from_text, interval_text, is_json, is_uuid, rows_of


def main():
    root = pathlib.Path(sys.argv[1])
    compared = 0
    with MariaDb() as mariadb:
        for folder in sorted(root.iterdir()):
            oracles = {path.stem: pa.parquet.read_table(path) for path in (folder / "parquet").iterdir()}
            for database in (mariadb.database(folder), Sqlite(folder), DuckDb(folder)):
                with contextlib.closing(database):
                    compared += sum(compare(folder.name, database, *oracle) for oracle in oracles.items())
                    if folder.name == "ecommerce":
                        try_rules(database)
    print(f"{compared} values are equal")


def compare(spec, database, table, oracle):
    types = {field.name: field.type for field in oracle.schema}
    where = f"{spec}, {table} in {database.title}"
    found = [[database.value(value, kind) for value, kind in zip(row, types.values())] for row in database.rows(table, types)]
    expected = [list(row) for row in rows_of(oracle)]
    expect(len(found) == len(expected), f"{where}: {len(found)} rows, parquet has {len(expected)}")
    # A table has no order.
    for ours, wanted in zip(sorted(found, key=repr), sorted(expected, key=repr)):
        for (name, kind), value, other in zip(types.items(), ours, wanted):
            expect(value == other, f"{where}, {name} ({kind}): {value!r}, parquet has {other!r}")
    return len(found) * len(types)


# What the shop's rules allow and forbid, in words that all databases know. Customers are as many as their last number.
CUSTOMER = "insert into customers (first_name, last_name, email, tier, created_at, orders_count, lifetime_value) values "
RULES = (
    ("a key twice", False, "insert into brands (id, name) select max(id), 'another' from brands"),
    ("a name twice", False, "insert into brands (id, name) select max(id) + 1, min(name) from brands"),
    ("a number below its check", False, CUSTOMER + "('A', 'B', 'a@example.com', 'gold', '2026-01-01', 0, -1)"),
    ("no such label", False, CUSTOMER + "('A', 'B', 'a@example.com', 'iron', '2026-01-01', 0, 0)"),
    ("a text for null", False, CUSTOMER + "(null, 'B', 'a@example.com', 'gold', '2026-01-01', 0, 0)"),
    ("a parent that is not there", False, "insert into shipments (order_id, warehouse_id) values (-1, -1)"),
    ("a row that is right", True, CUSTOMER + "('A', 'B', 'a@example.com', 'gold', '2026-01-01', 0, 0)"),
)


def try_rules(database):
    customers = database.answer("select count(*) from customers")
    for what, is_allowed, statement in RULES:
        told = database.attempt(statement)
        expect((told is None) == is_allowed, f"{database.title}: {what}: {told}")
    # Those that were refused may have used up a number.
    expect(database.answer("select max(id) from customers") > customers, f"{database.title}: numbers go on")
    for index in ("orders_created_at_idx", "order_items_product_id_idx"):
        expect(database.has_index(index), f"{database.title}: index {index} is there")


class Sqlite:
    title = "SQLite"

    def __init__(self, folder):
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.executescript((folder / "sqlite.sql").read_bytes().decode())
        broken = self.connection.execute("pragma foreign_key_check").fetchall()
        expect(not broken, f"{folder.name} in SQLite: foreign keys lead nowhere: {broken[:3]}")
        self.connection.execute("pragma foreign_keys = on")

    def close(self):
        self.connection.close()

    def rows(self, table, types):
        return self.connection.execute(f"select {quoted_list(types)} from {quoted(table)}")

    def answer(self, question):
        return self.connection.execute(question).fetchone()[0]

    def attempt(self, statement):
        try:
            self.connection.execute(statement)
        except sqlite3.IntegrityError as refusal:
            return str(refusal)

    def has_index(self, name):
        return self.connection.execute("select 1 from sqlite_master where type = 'index' and name = ?", [name]).fetchone()

    @staticmethod
    def value(value, kind):
        if pa.types.is_boolean(kind):
            return {None: None, 0: False, 1: True}[value]
        if value is None or isinstance(value, bytes):
            return value
        if pa.types.is_decimal(kind):
            # At most 15 digits come back from a float, others are texts.
            return decimal.Decimal(str(value)).quantize(decimal.Decimal(1).scaleb(-kind.scale))
        return from_stored(value, kind)


class MariaDb:
    """A server that lives as long as the comparison."""

    def __enter__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="datagen-mariadb-"))
        self.socket = self.directory / "socket"
        data = f"--datadir={self.directory / 'data'}"
        # The server does not run as root.
        self.user = next((name for name in ("mysql", "nobody") if os.geteuid() == 0 and has_user(name)), None)
        if self.user:
            os.chown(self.directory, pwd.getpwnam(self.user).pw_uid, pwd.getpwnam(self.user).pw_gid)
        install = [program("mariadb-install-db"), "--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db"]
        made = subprocess.run(install, user=self.user, cwd="/", capture_output=True, text=True)
        expect(made.returncode == 0, f"mariadb-install-db: {made.stdout}{made.stderr}")
        quick = ["--innodb-flush-log-at-trx-commit=0", "--skip-networking", f"--pid-file={self.directory / 'pid'}"]
        with open(self.directory / "log", "w", encoding="utf-8") as log:
            command = [program("mariadbd"), "--no-defaults", data, f"--socket={self.socket}", *quick]
            self.server = subprocess.Popen(command, user=self.user, cwd="/", stdout=log, stderr=log)
        self.wait()
        return self

    def wait(self):
        for _ in range(600):
            with contextlib.suppress(pymysql.Error):
                return self.connect().close()
            time.sleep(0.1)
        sys.exit(f"MariaDB did not start:\n{(self.directory / 'log').read_text()}")

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def connect(self, database=None):
        # Without converters all values come as they are printed.
        return pymysql.connect(unix_socket=str(self.socket), user="root", database=database, conv={}, charset="utf8mb4", autocommit=True)

    def database(self, folder):
        with contextlib.closing(self.connect()) as connection:
            connection.cursor().execute("drop database if exists loaded")
            connection.cursor().execute("create database loaded")
        with open(folder / "mysql.sql", "rb") as script:
            command = [program("mariadb"), "--no-defaults", f"--socket={self.socket}", "--user=root", "loaded"]
            loaded = subprocess.run(command, stdin=script, capture_output=True, text=True)
        expect(loaded.returncode == 0, f"{folder.name} in MariaDB: {loaded.stderr}")
        return MariaDbDatabase(self.connect("loaded"))


class MariaDbDatabase:
    title = "MariaDB"

    def __init__(self, connection):
        self.connection = connection

    def close(self):
        self.connection.close()

    def rows(self, table, types):
        # A FLOAT prints six digits, but is a DOUBLE with all of them.
        name = lambda column: f"`{column.replace('`', '``')}`"
        asked = lambda column, kind: f"cast({name(column)} as double)" if pa.types.is_float32(kind) else name(column)
        columns = ", ".join(asked(column, kind) for column, kind in types.items())
        return self.execute(f"select {columns} from {name(table)}").fetchall()

    def execute(self, statement):
        cursor = self.connection.cursor()
        # Each statement by itself, as its transaction is.
        cursor.execute(statement)
        return cursor

    def answer(self, question):
        return int(self.execute(question).fetchone()[0])

    def attempt(self, statement):
        try:
            self.execute(statement)
        except pymysql.Error as refusal:
            return str(refusal)

    def has_index(self, name):
        return self.answer(
            f"select count(*) from information_schema.statistics where table_schema = 'loaded' and index_name = '{name}'"
        )

    @staticmethod
    def value(value, kind):
        if value is None:
            return None
        if pa.types.is_boolean(kind):
            return {"0": False, "1": True}[value]
        if pa.types.is_binary(kind) and not is_uuid(kind):
            return bytes(value)
        return from_stored(value.decode() if isinstance(value, bytes) else value, kind)


class DuckDb:
    title = "DuckDB"

    def __init__(self, folder):
        self.connection = duckdb.connect()
        self.connection.execute((folder / "duckdb.sql").read_bytes().decode())

    def close(self):
        self.connection.close()

    def rows(self, table, types):
        arrow = self.connection.execute(f"select {quoted_list(types)} from {quoted(table)}").to_arrow_table()
        return zip(*(column.to_pylist() for column in arrow.columns))

    def answer(self, question):
        return self.connection.execute(question).fetchone()[0]

    def attempt(self, statement):
        try:
            self.connection.execute(statement)
        except (duckdb.ConstraintException, duckdb.ConversionException) as refusal:
            return str(refusal)

    def has_index(self, name):
        return self.connection.execute("select 1 from duckdb_indexes() where index_name = ?", [name]).fetchone()

    @staticmethod
    def value(value, kind):
        if value is None:
            return None
        if pa.types.is_list(kind):
            return [DuckDb.value(item, kind.value_type) for item in value]
        if isinstance(value, pa.MonthDayNano):
            return interval_text(value)
        if isinstance(value, datetime.datetime):
            return value.astimezone(datetime.timezone.utc).replace(tzinfo=None) if value.tzinfo else value
        if isinstance(value, float):
            return struct.pack("<f" if pa.types.is_float32(kind) else "<d", value)
        if isinstance(value, str):
            return from_stored(value, kind)
        if is_uuid(kind) and isinstance(value, bytes):
            return uuid.UUID(bytes=value)
        return value


def from_stored(value, kind):
    """What a text or a number that a database stores means, given the column's type."""
    if pa.types.is_list(kind):
        return from_json(json.loads(value, parse_float=decimal.Decimal), kind)
    if is_json(kind):
        return json.loads(value, parse_float=decimal.Decimal)
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind) or pa.types.is_time(kind):
        return from_text(value, kind)
    return from_text(str(value), kind)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def quoted_list(names):
    return ", ".join(quoted(name) for name in names)


def has_user(name):
    with contextlib.suppress(KeyError):
        return bool(pwd.getpwnam(name))


def program(name):
    found = shutil.which(name, path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin")
    expect(found, f"`{name}` was not found: run `make test-deps` first")
    return found


main()
