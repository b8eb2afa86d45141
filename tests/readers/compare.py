"""Reads one run's CSV, JSONL, Parquet and Arrow files with other people's readers and compares them row for row.

    compare.py DIRECTORY   with DIRECTORY/csv, DIRECTORY/jsonl, DIRECTORY/parquet and DIRECTORY/arrow

CSV and JSONL are read by DuckDB and by Python's own modules, Parquet by DuckDB and pyarrow, Arrow by pyarrow. The
types of the Parquet files say what the texts of the others mean. Prints the number of values compared, or the first
differences and exits with 1.
"""

import csv
import datetime
import decimal
import json
import pathlib
import struct
import sys
import uuid

import duckdb
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

csv.field_size_limit(1 << 30)
decimal.getcontext().prec = 60


def main():
    root = pathlib.Path(sys.argv[1])
    tables = sorted(path.stem for path in (root / "parquet").iterdir())
    for kind in ("csv", "jsonl", "arrow"):
        found = sorted(path.stem for path in (root / kind).iterdir())
        expect(found == tables, f"{kind} has the tables {found}, parquet has {tables}")
    compared = sum(compare(root, table) for table in tables)
    print(f"{compared} values of {len(tables)} tables are equal in all formats")


def compare(root, table):
    parquet_path = root / "parquet" / f"{table}.parquet"
    parquet = pa.parquet.read_table(parquet_path)
    types = {field.name: field.type for field in parquet.schema}
    oracle = rows_of(parquet)

    with pa.memory_map(str(root / "arrow" / f"{table}.arrow")) as source:
        check(table, "arrow by pyarrow", rows_of(pa.ipc.open_file(source).read_all()), oracle)
    check(table, "parquet by DuckDB", duckdb_parquet(parquet_path, types), oracle)
    check(table, "csv by DuckDB", duckdb_csv(root / "csv" / f"{table}.csv", types), oracle)
    check(table, "csv by Python", python_csv(root / "csv" / f"{table}.csv", types), oracle, empty_is_null=True)
    check(table, "jsonl by Python", python_jsonl(root / "jsonl" / f"{table}.jsonl", types), oracle)
    check(table, "jsonl by DuckDB", duckdb_jsonl(root / "jsonl" / f"{table}.jsonl", types), oracle)
    return len(oracle) * len(types)


def rows_of(arrow_table):
    names = arrow_table.schema.names
    types = {field.name: field.type for field in arrow_table.schema}
    columns = [[plain(value, types[name]) for value in arrow_table.column(name).to_pylist()] for name in names]
    return list(zip(*columns)) if columns else []


def plain(value, kind):
    """A value as pyarrow or DuckDB gives it, in the form that all are compared in."""
    if value is None:
        return None
    if pa.types.is_list(kind):
        return [plain(item, kind.value_type) for item in value]
    if pa.types.is_float32(kind):
        return struct.pack("<f", value)
    if pa.types.is_float64(kind):
        return struct.pack("<d", value)
    if pa.types.is_timestamp(kind):
        if value.tzinfo is not None:
            value = value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        return value.replace(tzinfo=None)
    if isinstance(value, pa.MonthDayNano):
        return interval_text(value)
    if is_uuid(kind):
        return value if isinstance(value, uuid.UUID) else uuid.UUID(bytes=bytes(value))
    if is_json(kind):
        return document(value)
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    return value


def interval_text(value):
    """Arrow's interval in PostgreSQL's words, which is how Parquet, having no such type, has it."""
    # Python's divmod rounds down; SQL's parts keep their sign.
    years, months = int(value.months / 12), int(value.months - 12 * int(value.months / 12))
    parts = [(years, "year"), (months, "mon"), (value.days, "day")]
    words = [f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number]
    micros = abs(value.nanoseconds // 1000)
    if micros or not words:
        seconds, fraction = divmod(micros, 1_000_000)
        time = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        time += f".{fraction:06}".rstrip("0") if fraction else ""
        words.append("-" * (value.nanoseconds < 0) + time)
    return " ".join(words)


def is_uuid(kind):
    return "uuid" in str(kind) or (pa.types.is_fixed_size_binary(kind) and kind.byte_width == 16)


def is_json(kind):
    return "json" in str(kind)


def document(text):
    return json.loads(text, parse_float=decimal.Decimal)


def from_text(text, kind):
    """What a text of CSV means, given the column's type."""
    if text is None:
        return None
    if pa.types.is_list(kind):
        return [from_text(item, kind.value_type) for item in array_items(text)]
    if pa.types.is_boolean(kind):
        return {"t": True, "true": True, "f": False, "false": False}[text]
    if pa.types.is_integer(kind):
        return int(text)
    if pa.types.is_decimal(kind):
        value = decimal.Decimal(text)
        expect(-value.as_tuple().exponent == kind.scale, f"{text} has {kind.scale} digits after the point")
        return value
    if pa.types.is_floating(kind):
        return plain(float(text), kind)
    if pa.types.is_date(kind):
        return datetime.date.fromisoformat(text)
    if pa.types.is_time(kind):
        return datetime.time.fromisoformat(text)
    if pa.types.is_timestamp(kind):
        return instant(text)
    if is_uuid(kind):
        return uuid.UUID(text)
    if is_json(kind):
        return document(text)
    if pa.types.is_binary(kind):
        expect(text.startswith("\\x"), f"{text} is bytea's hex form")
        return bytes.fromhex(text[2:])
    return text


def from_json(value, kind):
    """What a value of a JSON document means, given the column's type."""
    if value is None:
        return None
    if pa.types.is_list(kind):
        return [from_json(item, kind.value_type) for item in value]
    if is_json(kind):
        return value
    if pa.types.is_decimal(kind):
        return decimal.Decimal(value)
    if pa.types.is_floating(kind):
        return plain(float(value), kind)
    if isinstance(value, str) and not pa.types.is_boolean(kind) and not pa.types.is_integer(kind):
        return from_text(value, kind)
    return value


def instant(text):
    text = text.replace("Z", "+00:00")
    if text.endswith("+00"):
        text += ":00"
    value = datetime.datetime.fromisoformat(text)
    return value.astimezone(datetime.timezone.utc).replace(tzinfo=None) if value.tzinfo else value


def array_items(text):
    """The items of PostgreSQL's array text: {a,"b \\" c",NULL}."""
    items, at = [], 1
    while text[at] != "}":
        if text[at] == '"':
            item, at = "", at + 1
            while text[at] != '"':
                at += text[at] == "\\"
                item, at = item + text[at], at + 1
            at += 1
        else:
            end = at
            while text[end] not in ",}":
                end += 1
            item, at = text[at:end], end
            item = None if item == "NULL" else item
        items.append(item)
        at += text[at] == ","
    return items


def python_csv(path, types):
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.reader(file, strict=True)
        names = next(reader)
        expect(names == list(types), f"{path}: columns {names}, not {list(types)}")
        # Python's reader does not tell NULL (nothing) from empty text (""); the comparison allows for it.
        return [[from_text(text, types[name]) if text else None for name, text in zip(names, row)] for row in reader]


def duckdb_csv(path, types):
    columns = {name: "VARCHAR" for name in types}
    relation = duckdb.execute(
        "select * from read_csv(?, header = true, columns = ?, delim = ',', quote = '\"', escape = '\"', "
        "nullstr = '', allow_quoted_nulls = false, auto_detect = false, strict_mode = true)",
        [str(path), columns],
    )
    return [[from_text(text, kind) for text, kind in zip(row, types.values())] for row in relation.fetchall()]


def python_jsonl(path, types):
    rows = []
    for line in path.read_bytes().decode("utf-8").split("\n")[:-1]:
        row = json.loads(line, parse_float=decimal.Decimal)
        expect(list(row) == list(types), f"{path}: keys {list(row)}, not {list(types)}")
        rows.append([from_json(row[name], kind) for name, kind in types.items()])
    return rows


def duckdb_jsonl(path, types):
    relation = duckdb.execute(
        "select * from read_json(?, format = 'newline_delimited', columns = ?)", [str(path), {n: "JSON" for n in types}]
    )
    loads = lambda text: None if text is None else json.loads(text, parse_float=decimal.Decimal)
    return [[from_json(loads(text), kind) for text, kind in zip(row, types.values())] for row in relation.fetchall()]


def duckdb_parquet(path, types):
    duckdb.execute("set timezone = 'UTC'")
    relation = duckdb.execute("select * from read_parquet(?)", [str(path)])
    return [[plain(value, kind) for value, kind in zip(row, types.values())] for row in relation.fetchall()]


def check(table, reader, found, oracle, empty_is_null=False):
    expect(len(found) == len(oracle), f"{table}, {reader}: {len(found)} rows, parquet has {len(oracle)}")
    for number, (row, expected) in enumerate(zip(found, oracle), start=1):
        for column, (value, wanted) in enumerate(zip(row, expected), start=1):
            if value != wanted and not (empty_is_null and value is None and wanted == ""):
                expect(False, f"{table}, {reader}: row {number}, column {column}: {value!r}, parquet has {wanted!r}")


def expect(truth, otherwise):
    if not truth:
        sys.exit(otherwise)


if __name__ == "__main__":
    main()
