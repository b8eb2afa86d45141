"""What came out, as the tables of docs/BENCHMARKS.md."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from statistics import median

import measure
from cases import CLICKHOUSE, DUCKDB, PLACES, ROUNDS_TO_KNOW, TPCHGEN, Case, Entry
from facts import Facts
from measure import Sample
from tools import Tools

# What stands below this in the page was written by a person and stays.
MARKER = "<!-- Below this line the page is written by hand; above it, by `make bench`. -->"

PACKAGES = {TPCHGEN: "tpchgen-cli", DUCKDB: "duckdb", CLICKHOUSE: "chdb"}


@dataclass(frozen=True)
class Line:
    """A case and what came out: facts and samples of each entry, or a problem."""

    case: Case
    facts: list[Facts]
    samples: list[list[Sample]]
    problem: str | None

    def values(self, at: int) -> list[float]:
        """The figure of an entry in each round; just one where nothing had to be timed."""
        samples = self.samples[at] or [Sample(0, 0, 0)]
        return [self.case.figure.of(sample, self.facts[at]) for sample in samples]

    def result(self) -> float:
        """The median of the figure, or of the second entry's divided by the first's of the same round."""
        if len(self.case.entries) == 1:
            return median(self.values(0))
        return median(second / first for first, second in zip(self.values(0), self.values(1)))


def generated(lines: list[Line], rounds: int, quick: bool, tools: Tools) -> str:
    """The part of the page that is made from what was measured."""
    goals = [line for line in lines if line.case.goal]
    others = [line for line in lines if not line.case.goal]
    sections = [
        "# Benchmarks",
        introduction(rounds, quick),
        table(["", ""], machine(tools)),
        "## What must be reached",
        table(RESULT_HEAD, [result_row(line, quick) for line in goals]),
    ]
    if others:
        sections += ["## What else was measured", table(RESULT_HEAD, [result_row(line, quick) for line in others])]
    sections += ["## Each tool", EACH_TOOL, table(RUN_HEAD, run_rows(lines))]
    sections += ["## Commands", COMMANDS, code(commands(lines, tools))]
    return "\n\n".join(sections) + "\n"


def introduction(rounds: int, quick: bool) -> str:
    """How it was measured."""
    if quick:
        return "A quick trial: small, one run. It shows that all of it works; its figures say nothing."
    return f"""`make bench` measured this and wrote it down: {rounds} runs of each tool, in turn, on as many cores as threads ({min(rounds, ROUNDS_TO_KNOW)} where
no time must be reached).
Figures are medians. *Times* is the other's figure divided by datagen's (or the second's by the first's) in the same
round, and of these ratios the median. Rows and columns were counted before: tools that do not make as many rows of the
same columns are not compared (`lineitem` may differ by 0.1 %, since the benchmark's number of lines is a random sum).
Where nothing else is said, output goes to `/dev/null`. Writing to disk ends when the tool ends, not when the disk has it
all."""


EACH_TOOL = """Rows and bytes are those of the files. Texts differ a little: datagen writes `17.00` where tpchgen-cli writes
`17`, and the others put some texts into quotes. Row groups of Parquet have 122,880 rows in datagen and DuckDB, and 7 MiB
in tpchgen-cli, which are 114,000 rows of `lineitem`. DuckDB always makes all tables before it writes one. Of DuckDB and
ClickHouse the seconds are those of making and writing, without the start of Python; of the others those of the whole
command. CPU seconds are those of all threads, with Python's: on a busy machine they vary less. Where a table has no rows
and bytes, nobody counted them."""

COMMANDS = "Output going nowhere; to memory and to disk it is a directory. The scripts are in `benches/compare/`."


def machine(tools: Tools) -> list[list[str]]:
    """The machine and the versions."""
    version = said([str(tools.datagen), "--version"]).removeprefix("datagen ")
    commit = said(["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"])
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    rows = [
        ["processor", f"{processor()}, {measure.cores()} cores"],
        ["memory", f"{memory / 1e9:.0f} GB"],
        ["system", f"{platform.system()} {platform.release()}, {platform.machine()}"],
        ["date", f"{datetime.date.today():%-d %B %Y}"],
        ["datagen", f"{version} ({commit})"],
    ]
    rows += [[tool, metadata.version(package)] for tool, package in PACKAGES.items()]
    return rows + [["smallest peak memory that can be seen", f"{measure.smallest_peak() / 1e6:.0f} MB"]]


def said(command: list[str]) -> str:
    """What a command says, or that it says nothing."""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def processor() -> str:
    """The processor's name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown")


def commands(lines: list[Line], tools: Tools) -> list[str]:
    """Each command once."""
    entries = dict.fromkeys(entry for line in lines for entry in line.case.entries)
    return list(dict.fromkeys(words for entry in entries for words in tools.words(entry)))


RESULT_HEAD = ["what", "threads", "datagen", "against", "result", "required", "reached"]


def result_row(line: Line, quick: bool) -> list[str]:
    """One line of the tables of results."""
    case, goal = line.case, line.case.goal
    threads = " and ".join(str(count) for count in sorted({entry.threads for entry in case.entries}))
    if line.problem:
        return [case.title, threads, "", "", line.problem.partition(":")[0], goal.words() if goal else "", ""]
    unit = case.figure.unit
    cells = [f"{number(median(line.values(at)))} {unit}" for at in range(len(case.entries))]
    alone = len(cells) == 1
    against = "" if alone else f"{case.entries[1].tool}: {cells[1]}"
    result = f"{number(line.result())} {unit if alone else 'times'}"
    reached = "" if quick or not goal else "yes" if goal.reached(line.result()) else "**no**"
    return [case.title, threads, cells[0], against, result, goal.words() if goal else "", reached]


RUN_HEAD = ["what", "tool", "threads", "rows", "MB", "seconds", "least to most", "CPU seconds", "MB/s", "peak memory, MB"]


def run_rows(lines: list[Line]) -> list[list[str]]:
    """One line per tool and work that was timed, in the order of the cases."""
    rows: dict[Entry, list[str]] = {}
    for line in lines:
        for at, samples in enumerate(line.samples):
            if samples:
                rows.setdefault(line.case.entries[at], run_row(line.case.entries[at], line.facts[at], samples))
    return list(rows.values())


def run_row(entry: Entry, facts: Facts, samples: list[Sample]) -> list[str]:
    """What an entry made and took."""
    seconds = [sample.seconds for sample in samples]
    middle, peak = median(seconds), median(sample.peak_bytes for sample in samples)
    is_known = bool(facts.tables)
    return [
        entry.work.title() + PLACES[entry.place],
        entry.tool,
        str(entry.threads),
        f"{facts.rows:,}" if is_known and entry.work.format != "copy" else "",
        number(facts.bytes / 1e6) if is_known else "",
        number(middle),
        f"{number(min(seconds))} to {number(max(seconds))}",
        number(median(sample.cpu_seconds for sample in samples)),
        number(facts.bytes / 1e6 / middle) if is_known else "",
        number(peak / 1e6),
    ]


def number(value: float) -> str:
    """With three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown whose columns stand below each other."""
    every = [head, *rows]
    widths = [max(3, *(len(row[at]) for row in every)) for at in range(len(head))]
    texts = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in every]
    return "\n".join([texts[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *texts[1:]])


def code(blocks: list[str]) -> str:
    """Lines of a shell."""
    return "\n".join(["```", *blocks, "```"])


def write(page: Path, text: str) -> None:
    """Writes the page, keeping what was written by hand."""
    _, marker, by_hand = page.read_text().partition(MARKER) if page.exists() else ("", "", "")
    page.write_text(f"{text}\n{MARKER}{by_hand if marker else chr(10)}")
