"""What is measured, and what it must reach.

Each case is one row of the tables below: adding one is adding a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from facts import Facts
from measure import Sample

DATAGEN, TPCHGEN, DUCKDB, CLICKHOUSE = "datagen", "tpchgen-cli", "DuckDB", "ClickHouse"

TPCH_TABLES = ("region", "nation", "supplier", "part", "partsupp", "customer", "orders", "lineitem")
MIXED_TABLES = ("members",)

# Where output goes: nowhere, to a memory file system, to a disk.
NULL, MEMORY, DISK = "null", "memory", "disk"


@dataclass(frozen=True)
class Work:
    """What is to be generated."""

    spec: str
    tables: tuple[str, ...]
    format: str
    scale: float = 1
    rows: int = 0  # of the only table, where `scale` does not say it
    part: tuple[int, int] = (1, 1)
    plain: bool = False  # Parquet in the encodings that the other tools use

    def title(self) -> str:
        """In words, such as `lineitem CSV, SF 5`."""
        tables = SETS.get(self.tables) or ", ".join(self.tables)
        size = f"{self.rows:,} rows" if self.rows else f"{'SF' if self.spec == 'tpch' else 'scale'} {self.scale:g}"
        part = "" if self.part == (1, 1) else f", part {self.part[0]:,} of {self.part[1]:,}"
        plain = " in plain encodings" if self.plain else ""
        return f"{tables} {FORMATS[self.format]}{plain}, {size}{part}"

    def small(self) -> Work:
        """The same, for a quick trial."""
        return replace(self, scale=min(self.scale, 0.1), rows=min(self.rows, 100_000))


SETS = {TPCH_TABLES: "all 8 tables", MIXED_TABLES: "eight mixed columns", (): "the shop's tables"}
FORMATS = {"csv": "CSV", "parquet": "Parquet", "copy": "`copy`"}


@dataclass(frozen=True)
class Entry:
    """One tool at some work, with so many threads, writing to some place."""

    tool: str
    work: Work
    threads: int
    place: str = NULL


@dataclass(frozen=True)
class Figure:
    """What is looked at: of one entry as it is, of two as the ratio of the second to the first."""

    name: str
    unit: str
    of: Callable[[Sample, Facts], float]
    needs_facts: bool = False  # what the tool makes has to be known
    timed: bool = True  # else nothing else has to be known


SECONDS = Figure("time", "s", lambda run, _: run.seconds)
# Runs of what need not reach anything, and of peaks of memory, which hardly vary.
ROUNDS_TO_KNOW = 3

MILLISECONDS = Figure("time", "ms", lambda run, _: run.seconds * 1e3)
MEMORY_PEAK = Figure("peak memory", "MB", lambda run, _: run.peak_bytes / 1e6)
SPEED = Figure("speed", "MB/s", lambda run, made: made.bytes / 1e6 / run.seconds, needs_facts=True)
ROW_TIME = Figure("time per row", "ns", lambda run, made: run.seconds * 1e9 / made.rows, needs_facts=True)
FILE_SIZE = Figure("file size", "MB", lambda _, made: made.bytes / 1e6, needs_facts=True, timed=False)


@dataclass(frozen=True)
class Goal:
    """The least and the most that a figure may be."""

    least: float = 0
    most: float = float("inf")

    def reached(self, value: float) -> bool:
        """Whether the figure is what it must be."""
        return self.least <= value <= self.most

    def words(self) -> str:
        """In words, such as `at least 4`."""
        if self.least and self.most < float("inf"):
            return f"{self.least:g} to {self.most:g}"
        return f"at least {self.least:g}" if self.least else f"at most {self.most:g}"


@dataclass(frozen=True)
class Case:
    """One line of the report."""

    title: str
    entries: tuple[Entry, ...]
    figure: Figure
    goal: Goal | None = None
    same_data: bool = False  # whether the entries must make as many rows of the same columns

    def rounds(self, asked: int) -> int:
        """How often the entries are run: as often as asked where a time must be reached, less where nothing depends on it."""
        return asked if self.goal and self.figure is not MEMORY_PEAK else min(asked, ROUNDS_TO_KNOW)


def tpch(table: str, output: str = "csv", scale: float = 1, part: tuple[int, int] = (1, 1)) -> Work:
    """A table of TPC-H, or `all` of them."""
    return Work("tpch", TPCH_TABLES if table == "all" else (table,), output, scale, part=part)


def mixed(rows: int) -> Work:
    """Eight columns of everyday kinds."""
    return Work("mixed", MIXED_TABLES, "csv", rows=rows)


# What tpchgen-cli's lineitem is compared with, like with like: with packed differences datagen's is smaller.
PLAIN_LINES = replace(tpch("lineitem", "parquet", scale=5), plain=True)

SHOP = Work("ecommerce", (), "copy")

# datagen against another tool, for each number of threads: what, where to, against whom, by which figure; what the other's figure
# divided by datagen's must be.
RACES: list[tuple[Work, str, str, Figure, Goal | None]] = [
    (tpch("lineitem", scale=5), NULL, TPCHGEN, SECONDS, Goal(least=4)),
    (tpch("orders", scale=5), NULL, TPCHGEN, SECONDS, Goal(least=3)),
    (tpch("all", scale=5), NULL, TPCHGEN, SECONDS, Goal(least=3.5)),
    (PLAIN_LINES, NULL, TPCHGEN, SECONDS, Goal(least=1.5)),
    (PLAIN_LINES, NULL, TPCHGEN, FILE_SIZE, Goal(least=0.9, most=1.1)),
    (tpch("lineitem", "parquet", scale=5), NULL, TPCHGEN, SECONDS, Goal(least=1.5)),
    (tpch("lineitem", "parquet", scale=5), NULL, TPCHGEN, FILE_SIZE, None),
    (mixed(10_000_000), NULL, CLICKHOUSE, SECONDS, Goal(least=1.5)),
    (tpch("lineitem", scale=10), NULL, TPCHGEN, MEMORY_PEAK, Goal(least=2)),
    (tpch("orders", "parquet"), NULL, TPCHGEN, SECONDS, None),
    (tpch("all", "parquet"), NULL, TPCHGEN, SECONDS, None),
    (tpch("all", "parquet"), NULL, TPCHGEN, FILE_SIZE, None),
    (tpch("lineitem"), MEMORY, TPCHGEN, SECONDS, None),
    (tpch("orders"), MEMORY, TPCHGEN, SECONDS, None),
    (tpch("all"), MEMORY, TPCHGEN, SECONDS, None),
    (tpch("all", "parquet"), MEMORY, TPCHGEN, SECONDS, None),
    (tpch("lineitem"), DISK, TPCHGEN, SECONDS, None),
    (tpch("orders"), DISK, TPCHGEN, SECONDS, None),
    (tpch("all"), DISK, TPCHGEN, SECONDS, None),
    (tpch("all", "parquet"), DISK, TPCHGEN, SECONDS, None),
    (tpch("lineitem"), NULL, DUCKDB, SECONDS, None),
    (tpch("orders"), NULL, DUCKDB, SECONDS, None),
    (tpch("all"), NULL, DUCKDB, SECONDS, None),
    (tpch("all", "parquet"), NULL, DUCKDB, SECONDS, None),
    (tpch("lineitem"), NULL, DUCKDB, MEMORY_PEAK, None),
]

# datagen alone: what, threads, what is looked at, by which figure; what it must be.
ALONE: list[tuple[Work, int, str, Figure, Goal | None]] = [
    (SHOP, 1, "speed per core", SPEED, Goal(least=400)),
    (mixed(10), 1, "start-up", MILLISECONDS, Goal(most=20)),
    (tpch("nation"), 1, "start-up with a pool of text", MILLISECONDS, None),
    (tpch("lineitem"), 2, "peak memory", MEMORY_PEAK, Goal(most=150)),
    (tpch("lineitem", scale=10), 2, "peak memory", MEMORY_PEAK, Goal(most=150)),
    (tpch("lineitem", "parquet"), 2, "peak memory", MEMORY_PEAK, None),
]

# datagen beside itself: two works with their threads, what is looked at, by which figure; what the second's divided by the
# first's must be.
BESIDE: list[tuple[Work, int, Work, int, str, Figure, Goal | None]] = [
    (tpch("lineitem", scale=5), 1, tpch("lineitem", scale=5), 2, "two jobs, of one's time", SECONDS, Goal(most=0.55)),
    (tpch("lineitem"), 2, tpch("lineitem", scale=10), 2, "flat memory", MEMORY_PEAK, Goal(most=1.2)),
    (tpch("lineitem"), 1, tpch("lineitem", scale=10), 1, "flat time per row", ROW_TIME, Goal(most=1.1)),
    (
        *(tpch("lineitem", scale=100, part=(1, 10_000)), 1),
        *(tpch("lineitem", scale=100, part=(5_000, 10_000)), 1),
        *("no skipping", SECONDS, Goal(most=1.5)),
    ),
]

# What takes long (`--long`); as in BESIDE.
LONG = [
    (tpch("lineitem"), 2, tpch("lineitem", scale=100), 2, "flat memory", MEMORY_PEAK, Goal(most=1.2)),
]

PLACES = {NULL: "", MEMORY: ", to memory", DISK: ", to disk"}


def cases(threads: list[int], long: bool, quick: bool) -> Iterator[Case]:
    """All cases, in the report's order."""

    def sized(work: Work) -> Work:
        return work.small() if quick else work

    for large, place, tool, figure, goal in RACES:
        work = sized(large)
        # Only times that must be reached are measured with all numbers of threads.
        for count in threads if goal and figure is SECONDS else threads[:1]:
            racers = (Entry(DATAGEN, work, count, place), Entry(tool, work, count, place))
            yield Case(f"{work.title()}{PLACES[place]}: {figure.name}", racers, figure, goal, same_data=True)
    for large, count, name, figure, goal in ALONE:
        yield Case(f"{sized(large).title()}: {name}", (Entry(DATAGEN, sized(large), count),), figure, goal)
    for first, first_count, second, second_count, name, figure, goal in BESIDE + LONG * long:
        works = dict.fromkeys([sized(second), sized(first)])
        pair = (Entry(DATAGEN, sized(first), first_count), Entry(DATAGEN, sized(second), second_count))
        yield Case(f"{', of '.join(work.title() for work in works)}: {name}", pair, figure, goal)
