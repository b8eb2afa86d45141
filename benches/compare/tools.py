"""How each tool is called for the same work."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from cases import CLICKHOUSE, DATAGEN, DUCKDB, TPCHGEN, Entry
from measure import Command

HERE = Path(__file__).resolve().parent
SPECS = {"mixed": HERE / "mixed.yaml"}


@dataclass(frozen=True)
class Tools:
    """Where the programs are."""

    datagen: Path
    environment: Path = field(default=Path(sys.executable).parent)

    def command(self, entry: Entry, directory: Path | None) -> Command:
        """The command for some work; without a directory, output goes nowhere."""
        build = {DATAGEN: self._datagen, TPCHGEN: self._tpchgen, DUCKDB: self._duckdb, CLICKHOUSE: self._clickhouse}
        return build[entry.tool](entry, directory)

    def _datagen(self, entry: Entry, directory: Path | None) -> Command:
        work = entry.work
        start = [str(self.datagen), "generate", "--quiet", "--format", work.format, "--jobs", str(entry.threads)]
        if work.spec in SPECS:
            start += ["--input", str(SPECS[work.spec])]
        else:
            start += ["--spec", work.spec, "--scale", f"{work.scale:g}"]
        if work.rows:
            start += ["--rows", f"{work.tables[0]}={work.rows}"]
        if work.format == "parquet":
            start += ["--compress", "snappy"]
        if work.plain:
            start += ["--parquet-encoding", "plain"]
        if work.part != (1, 1):
            start += ["--part", str(work.part[0]), "--parts", str(work.part[1])]
        if work.format == "copy":
            return Command([start + ["--output", str(directory / "all.sql") if directory else "/dev/null"]])
        if directory:
            tables = [word for table in work.tables for word in ("--table", table)]
            return Command([start + tables + ["--output", f"{directory}/"]])
        # There is one file per table; nowhere is one file.
        return Command([start + ["--table", table, "--output", "/dev/null"] for table in work.tables])

    def _tpchgen(self, entry: Entry, directory: Path | None) -> Command:
        work = entry.work
        step = [str(self.environment / "tpchgen-cli"), work.format, "--scale-factor", f"{work.scale:g}", "--quiet"]
        step += ["--tables", ",".join(work.tables), "--num-threads", str(entry.threads)]
        if work.format == "parquet":
            step += ["--compression", "SNAPPY"]
        return Command([step + (["--output-dir", str(directory)] if directory else ["--stdout"])])

    def _duckdb(self, entry: Entry, directory: Path | None) -> Command:
        work = entry.work
        settings = [f"{work.scale:g}", str(entry.threads), work.format, str(directory or "/dev/null")]
        return self._python("dbgen.py", settings + list(work.tables))

    def _clickhouse(self, entry: Entry, directory: Path | None) -> Command:
        work = entry.work
        path = directory / f"{work.tables[0]}.{work.format}" if directory else "/dev/null"
        return self._python("clickhouse.py", [str(work.rows), str(entry.threads), str(path)])

    def _python(self, script: str, arguments: list[str]) -> Command:
        return Command([[sys.executable, str(HERE / script), *arguments]], says_seconds=True)

    def words(self, entry: Entry) -> list[str]:
        """The commands as a person would type them, output going nowhere."""
        lines = [" ".join(step) for step in self.command(entry, None).steps]
        short = {
            str(self.datagen): "datagen",
            str(self.environment / "tpchgen-cli"): "tpchgen-cli",
            sys.executable: "python",
            f"{HERE}/": "benches/compare/",
        }
        for long, name in short.items():
            lines = [line.replace(long, name) for line in lines]
        # tpchgen-cli writes to its standard output, which goes nowhere.
        return [line + (" > /dev/null" if line.endswith("--stdout") else "") for line in lines]
