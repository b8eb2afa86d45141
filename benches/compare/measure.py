"""Starting programs, and what they took."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LAUNCH = Path(__file__).resolve().parent / "launch.py"


@dataclass(frozen=True)
class Command:
    """Programs to be started one after the other."""

    steps: list[list[str]]
    # The tool is a library inside a Python program, which prints the seconds that count: those without Python's own start.
    says_seconds: bool = False


class Failed(Exception):
    """A tool did not do what it was told."""


@dataclass(frozen=True)
class Sample:
    """One run of a command."""

    seconds: float
    cpu_seconds: float  # of all threads, with the start of a library's Python
    peak_bytes: int


def run(command: Command, threads: int) -> Sample:
    """Runs a command on as many cores as it has threads; its steps' seconds are added up, and the highest peak counts."""
    with pinned(threads):
        samples = [_step(step, command.says_seconds) for step in command.steps]
    return Sample(
        sum(sample.seconds for sample in samples),
        sum(sample.cpu_seconds for sample in samples),
        max(sample.peak_bytes for sample in samples),
    )


def smallest_peak() -> int:
    """The peak of a program that does nothing: that of `launch.py`, below which nothing is seen."""
    return _step(["true"], says_seconds=False).peak_bytes


@contextmanager
def pinned(threads: int) -> Iterator[None]:
    """What is started within runs on the last so many cores, where the system can be told; the first one serves interrupts."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(every)[-threads:])
    try:
        yield
    finally:
        os.sched_setaffinity(0, every)


def cores() -> int:
    """How many cores there are for us."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _step(arguments: list[str], says_seconds: bool) -> Sample:
    with ExitStack() as stack:
        said, noted, errors = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(3))
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(LAUNCH), str(noted.fileno()), *arguments],
            stdout=said if says_seconds else subprocess.DEVNULL,
            stderr=errors,
            pass_fds=[noted.fileno()],
            # In an empty directory and without our settings, so that no configuration is found.
            cwd=stack.enter_context(tempfile.TemporaryDirectory()),
            env={name: value for name, value in os.environ.items() if not name.startswith("DATAGEN_")},
            # As a group that can be stopped as one.
            start_new_session=True,
        )
        try:
            process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        result = json.loads(_text(noted) or '{"code": 1}')
        if result["code"] != 0:
            raise Failed(_words(arguments, result["code"], _text(errors)))
        seconds = json.loads(_text(said))["seconds"] if says_seconds else result["seconds"]
    return Sample(seconds, result["cpu"], result["peak"])


def _text(file: IO[bytes]) -> str:
    """All that was written to a file."""
    file.seek(0)
    return file.read().decode(errors="replace")


def _words(arguments: list[str], code: int, errors: str) -> str:
    """What is told of a command that failed: how it ended, and the last lines of what it said."""
    how = f"ended with code {code}" if code >= 0 else f"was ended by signal {-code}"
    return "\n".join([f"`{' '.join(arguments)}` {how}", *(f"    {line}" for line in errors.strip().splitlines()[-5:])])
