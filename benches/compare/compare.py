"""Measures datagen beside other generators; `make bench` calls it.

    compare.py [--quick] [--only WORDS] [--datagen PATH] ...

Runs the cases of cases.py, prints what came out, and writes docs/BENCHMARKS.md when all of them were run, or with `--goals`
all that must reach something. Within a case the
tools run in turn, round after round, so that a slow minute of the machine meets both. Tools that do not make the same data
are not compared, and a tool that fails is told: either way nothing is written, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import measure
import report
from cases import DISK, MEMORY, NULL, Case, Entry, cases
from facts import Facts, difference, of_files
from measure import Failed, Sample
from report import Line
from tools import Tools

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass
class Bench:
    """The machine and the tools on it, and what is known of them so far."""

    tools: Tools
    places: dict[str, Path]
    rounds: int
    known: dict[tuple[object, ...], Facts] = field(default_factory=dict)

    def line(self, case: Case) -> Line:
        """Measures one case."""
        try:
            facts = [self.facts(case, entry) for entry in case.entries]
            if case.same_data and (problem := self.problem(case, facts)):
                return Line(case, facts, [], f"not comparable: {problem}")
            return Line(case, facts, self.samples(case), None)
        except Failed as failure:
            return Line(case, [], [], f"failed: {failure}")

    def facts(self, case: Case, entry: Entry) -> Facts:
        """What an entry makes, found out by a run into files on disk, once for each work."""
        if not (case.same_data or case.figure.needs_facts):
            return Facts({})
        key = (entry.tool, entry.work)
        if key not in self.known:
            with self.directory(DISK) as directory:
                assert directory
                threads = measure.cores()
                measure.run(self.tools.command(Entry(entry.tool, entry.work, threads), directory), threads)
                self.known[key] = of_files(directory)
        return self.known[key]

    def problem(self, case: Case, facts: list[Facts]) -> str | None:
        """Why the entries' data cannot be compared."""
        # The benchmark's number of lines is a random sum, which small scales meet less well.
        tolerance = 0.001 if case.entries[0].work.scale >= 1 else 0.005
        return difference(facts[0], facts[1], tolerance)

    def samples(self, case: Case) -> list[list[Sample]]:
        """Runs the entries in turn; the samples of each. Another one begins each round."""
        samples: list[list[Sample]] = [[] for _ in case.entries]
        for turn in range(case.rounds(self.rounds) if case.figure.timed else 0):
            for step in range(len(case.entries)):
                at = (turn + step) % len(case.entries)
                samples[at].append(self.sample(case.entries[at]))
        return samples

    def sample(self, entry: Entry) -> Sample:
        """Runs an entry once."""
        with self.directory(entry.place) as directory:
            if entry.place == DISK:
                os.sync()
            return measure.run(self.tools.command(entry, directory), entry.threads)

    @contextmanager
    def directory(self, place: str) -> Iterator[Path | None]:
        """An empty directory at a place, while it is needed."""
        if place == NULL:
            yield None
            return
        with tempfile.TemporaryDirectory(prefix="datagen-bench-", dir=self.places[place]) as directory:
            yield Path(directory)


def main() -> int:
    arguments = read_arguments()
    if problem := unusable(arguments):
        print(f"error: {problem}", file=sys.stderr)
        return 2
    # A request to end is as good as Ctrl-C: directories are removed, and programs stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    arguments.disk.mkdir(parents=True, exist_ok=True)
    places = {MEMORY: arguments.memory, DISK: arguments.disk}
    tools = Tools(arguments.datagen.resolve())
    bench = Bench(tools, places, 1 if arguments.quick else arguments.runs)
    try:
        lines = list(measured(bench, wanted(arguments)))
        text = report.generated(lines, bench.rounds, arguments.quick, tools)
    except KeyboardInterrupt:
        print("\ninterrupted; nothing is written", file=sys.stderr)
        return 130
    print(text)
    problems = [line for line in lines if line.problem]
    if arguments.quick or arguments.only:
        print("Only a trial: docs/BENCHMARKS.md is as it was.", file=sys.stderr)
    elif not problems:
        report.write(arguments.report, text)
    for line in problems:
        print(f"error: {line.case.title}: {line.problem}", file=sys.stderr)
    return 1 if problems else 0


def read_arguments() -> argparse.Namespace:
    """The command line."""
    every = measure.cores()
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="SF 0.1 and one run: shows that all of it works")
    parser.add_argument("--long", action="store_true", help="also memory at SF 100")
    parser.add_argument("--goals", action="store_true", help="only cases that must reach something")
    parser.add_argument("--only", metavar="WORDS", help="only cases whose title contains this")
    parser.add_argument("--runs", type=int, default=5, help="paired runs of each case (5)")
    parser.add_argument(
        "--threads",
        type=lambda text: [int(count) for count in text.split(",")],
        default=sorted({1, every}),
        help=f"numbers of threads, such as 1,2 (1 and all cores: {every})",
    )
    parser.add_argument("--datagen", type=Path, default=REPOSITORY / "target/release/datagen", help="the binary")
    parser.add_argument("--disk", type=Path, default=REPOSITORY / "target/bench", help="a directory on disk")
    parser.add_argument("--memory", type=Path, default=Path("/dev/shm"), help="a directory in memory")
    parser.add_argument("--report", type=Path, default=REPOSITORY / "docs/BENCHMARKS.md", help="the page to write")
    return parser.parse_args()


def unusable(arguments: argparse.Namespace) -> str | None:
    """What stands in the way of measuring."""
    if not arguments.datagen.is_file():
        return f"{arguments.datagen} is not there; `make bench` builds it, `--datagen PATH` names another one"
    if not arguments.memory.is_dir():
        return f"{arguments.memory} is not a directory; `--memory DIR` names one in memory"
    if arguments.runs < 1:
        return "`--runs` is at least 1"
    if not all(1 <= count <= measure.cores() for count in arguments.threads):
        return f"`--threads` are from 1 to {measure.cores()}, the cores there are"
    free = shutil.disk_usage(arguments.disk if arguments.disk.is_dir() else REPOSITORY).free
    if not arguments.quick and free < 12e9:
        return f"12 GB of disk are needed for a while, and {free / 1e9:.1f} GB are free; `--disk DIR` names another place"
    return None


def wanted(arguments: argparse.Namespace) -> list[Case]:
    """The cases that are asked for."""
    threads = [1] if arguments.quick else arguments.threads
    possible = [
        case
        for case in cases(threads, arguments.long, arguments.quick)
        if all(entry.threads <= measure.cores() for entry in case.entries)
    ]
    if arguments.goals:
        possible = [case for case in possible if case.goal]
    return [case for case in possible if not arguments.only or arguments.only.lower() in case.title.lower()]


def measured(bench: Bench, chosen: list[Case]) -> Iterator[Line]:
    """Measures all cases, telling what is being done."""
    for number, case in enumerate(chosen, 1):
        print(f"{number} of {len(chosen)}: {case.title}", file=sys.stderr, flush=True)
        yield bench.line(case)


if __name__ == "__main__":
    sys.exit(main())
