"""What the tools made: rows, columns and bytes, and whether these are the same."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent

# Rows of a CSV file that are looked at to tell what kind of values a column has.
SAMPLED_ROWS = 1_000

KINDS = [
    ("number", re.compile(r"-?\d+(\.\d+)?")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("timestamp", re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")),
    ("uuid", re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")),
]


@dataclass(frozen=True)
class Table:
    """One table's file."""

    rows: int
    bytes: int
    columns: tuple[tuple[str, str], ...]  # names and kinds or types


@dataclass(frozen=True)
class Facts:
    """The files of some work, by table."""

    tables: dict[str, Table]

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.tables.values())

    @property
    def bytes(self) -> int:
        """Of all tables."""
        return sum(table.bytes for table in self.tables.values())


def of_files(directory: Path) -> Facts:
    """The facts of all files in a directory."""
    look = {".csv": of_csv, ".parquet": of_parquet, ".sql": of_script}
    return Facts({path.stem: look[path.suffix](path) for path in sorted(directory.iterdir())})


def of_csv(path: Path) -> Table:
    """Of a CSV file without line breaks in its texts, but for its end."""
    with path.open(newline="") as file:
        reader = csv.reader(file)
        names = next(reader)
        rows = [row for row, _ in zip(reader, range(SAMPLED_ROWS))]
    kinds = [kind_of([row[at] for row in rows]) for at in range(len(names))]
    return Table(count_lines(path) - 1, path.stat().st_size, tuple(zip(names, kinds)))


def kind_of(values: list[str]) -> str:
    """The first kind that all values have; else they are texts."""
    fitting = (kind for kind, pattern in KINDS if all(pattern.fullmatch(value) for value in values))
    return next(fitting, "text")


def count_lines(path: Path) -> int:
    """How many lines a file has."""
    lines = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            lines += block.count(b"\n")
    return lines


def of_parquet(path: Path) -> Table:
    """Of a Parquet file, read by a process of its own: what is loaded here counts as the children's memory."""
    command = [sys.executable, str(HERE / "parquet_facts.py"), str(path)]
    said = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return Table(said["rows"], path.stat().st_size, tuple((name, kind) for name, kind in said["columns"]))


def of_script(path: Path) -> Table:
    """Of a script, of which only the size is of interest."""
    return Table(count_lines(path), path.stat().st_size, ())


def difference(ours: Facts, theirs: Facts, tolerance: float) -> str | None:
    """The first difference that makes a comparison pointless. `lineitem` may have a few rows more or fewer."""
    if ours.tables.keys() != theirs.tables.keys():
        return f"tables differ: {', '.join(ours.tables)} and {', '.join(theirs.tables)}"
    for name, mine in ours.tables.items():
        other = theirs.tables[name]
        allowed = other.rows * tolerance if name == "lineitem" else 0
        if abs(mine.rows - other.rows) > allowed:
            return f"{name} has {mine.rows:,} rows and {other.rows:,} there"
        if mine.columns != other.columns:
            return f"{name} differs: {first_difference(mine.columns, other.columns)}"
    return None


def first_difference(ours: tuple[tuple[str, str], ...], theirs: tuple[tuple[str, str], ...]) -> str:
    """The first of two tables' columns that are not the same."""
    if len(ours) != len(theirs):
        return f"{len(ours)} columns and {len(theirs)} there"
    mine, other = next(pair for pair in zip(ours, theirs) if pair[0] != pair[1])
    return f"{mine[0]} ({mine[1]}) and {other[0]} ({other[1]}) there"
