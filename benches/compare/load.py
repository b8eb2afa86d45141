"""Loads the shop into a throw-away PostgreSQL, by `datagen load` and by `psql -c '\\copy'` of CSV files that are ready.

    load.py DATAGEN [--scale 1] [--rounds 5] [--connections 2] [--storage]

Both load the same rows into the same tables, in turn, several times: without constraints (datagen's steps after the rows are not
counted then), and with them. \\copy takes one file after the other, as in a script, or as many at once as datagen has connections. The
ceiling is the server's own COPY of as many ready files at once, in its binary form, which it reads from its disk. Prints medians, rows
per second, ratios, and datagen's peak memory. PostgreSQL is made of the installed binaries, with fsync off, so that disks do not decide.

With --storage it measures instead what ways of storing rows take, by the server's COPY of these files one after the other, on a
server with PostgreSQL's own defaults (fsync on, wal_level replica) and on one with wal_level minimal: plain tables; UNLOGGED
tables that are SET LOGGED afterwards; tables that are made and filled in one transaction, without and with FREEZE.
"""

import argparse
import concurrent.futures
import contextlib
import os
import pathlib
import pwd
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

KINDS = ("datagen load", "psql \\copy", "\\copy at once", "server's COPY")

# Disks do not decide.
QUICK = "-c fsync=off -c shared_buffers=256MB -c max_wal_size=4GB"
# What is written ahead where PostgreSQL is as it is installed, and the least that it writes.
WAL_LEVELS = {"wal_level replica, the default": "", "wal_level minimal": "-c wal_level=minimal -c max_wal_senders=0"}


def main() -> None:
    options = arguments()
    with contextlib.ExitStack() as stack:
        work = pathlib.Path(tempfile.mkdtemp(prefix="datagen-load-"))
        stack.callback(shutil.rmtree, work, ignore_errors=True)
        work.chmod(0o755)
        shop = Shop(pathlib.Path(options.datagen).resolve(), options.scale, work / "csv")
        rows = shop.rows()
        if options.storage:
            print(f"{rows:,} rows, {shop.bytes() / 1e6:.0f} MB of CSV, {options.rounds} rounds")
            measure_storage(shop, rows, options.rounds, work)
            return
        server = Server(work / "server", QUICK)
        stack.callback(server.stop)
        print(f"{rows:,} rows, {shop.bytes() / 1e6:.0f} MB of CSV, {options.connections} connections, {options.rounds} rounds")
        for with_keys in (False, True):
            times = {kind: [] for kind in KINDS}
            for _ in range(options.rounds):
                times[KINDS[0]].append(by_datagen(server, shop, options.connections, with_keys))
                times[KINDS[1]].append(by_copy(server, shop.csv_copies(), shop, with_keys, at_once=1))
                times[KINDS[2]].append(by_copy(server, shop.csv_copies(), shop, with_keys, options.connections))
                times[KINDS[3]].append(by_copy(server, shop.binary_copies(), shop, with_keys, options.connections))
            report("rows, keys and indexes" if with_keys else "rows alone", rows, times)
        print(f"\npeak memory of datagen load: {shop.peak / 1024:.0f} MB")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datagen", help="the program, as it is released")
    parser.add_argument("--scale", default="1")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=2)
    parser.add_argument("--storage", action="store_true", help="measure unlogged tables and FREEZE instead")
    return parser.parse_args()


def report(what: str, rows: int, times: dict[str, list[float]]) -> None:
    medians = {kind: statistics.median(of) for kind, of in times.items()}
    print(f"\n{what}")
    for kind, median in medians.items():
        spread = f"{min(times[kind]):.2f} to {max(times[kind]):.2f}"
        print(f"  {kind:14} {median:6.2f} s  ({spread})  {rows / median:12,.0f} rows/s")
    ours, copy, at_once, ceiling = (medians[kind] for kind in KINDS)
    print(
        f"  datagen is {copy / ours:.2f} times as fast as \\copy, {at_once / ours:.2f} times as several at once;"
        f" {ceiling / ours:.0%} of the server's COPY"
    )


def by_datagen(server: "Server", shop: "Shop", connections: int, with_keys: bool) -> float:
    """The whole command; without keys only what its summary says of the rows."""
    server.renew()
    command = [shop.datagen, "load", *shop.chosen, "--to", server.url(), "--connections", str(connections)]
    begun = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    told = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    taken = time.monotonic() - begun
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(told)
    shop.peak = max(shop.peak, usage.ru_maxrss)
    return taken if with_keys else float(re.search(r" in ([\d.]+) s \(", told).group(1))


def by_copy(server: "Server", copies: list[str], shop: "Shop", with_keys: bool, at_once: int) -> float:
    """Tables from the script that datagen writes, then its files, so many at once, then the rest of the script."""
    server.renew()
    before, after = shop.script()
    server.run(before)
    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        list(pool.map(server.run, copies))
    if with_keys:
        server.run(after + "\nANALYZE;")
    return time.monotonic() - begun


def measure_storage(shop: "Shop", rows: int, rounds: int, work: pathlib.Path) -> None:
    """Each way beside plain tables: the rows alone, and with keys, indexes and statistics."""
    for level, settings in WAL_LEVELS.items():
        with contextlib.ExitStack() as stack:
            server = Server(work / level.split(",")[0].replace(" ", "-"), settings)
            stack.callback(server.stop)
            ways, after = ways_to_store(shop)
            times = {way: [] for way in ways}
            for _ in range(rounds):
                for way, script in ways.items():
                    times[way].append(stored(server, script, after))
            print(f"\n{level}")
            plain = [statistics.median(column) for column in zip(*times["plain tables"])]
            for way, of in times.items():
                alone, whole = (statistics.median(column) for column in zip(*of))
                spread = f"{min(of)[0]:.2f} to {max(of)[0]:.2f}"
                print(
                    f"  {way:26} rows {alone:6.2f} s  ({spread}, {alone / plain[0]:4.0%})"
                    f"  with keys and indexes {whole:6.2f} s  ({whole / plain[1]:4.0%})"
                )


def ways_to_store(shop: "Shop") -> tuple[dict[str, str], str]:
    """Scripts that make the tables and fill them, and one of what comes after."""
    before, after = shop.script()
    copies = [f"COPY {file.stem} FROM '{file}' (FORMAT csv, HEADER);" for file in shop.files()]
    logged = [f"ALTER TABLE {file.stem} SET LOGGED;" for file in shop.files()]
    frozen = [copy.replace("HEADER", "HEADER, FREEZE") for copy in copies]
    ways = {
        "plain tables": "\n".join([before, *copies]),
        "UNLOGGED, then SET LOGGED": "\n".join([before.replace("CREATE TABLE", "CREATE UNLOGGED TABLE"), *copies, *logged]),
        "in one transaction": "\n".join(["BEGIN;", before, *copies, "COMMIT;"]),
        "in one, with FREEZE": "\n".join(["BEGIN;", before, *frozen, "COMMIT;"]),
    }
    return ways, after + "\nANALYZE;"


def stored(server: "Server", script: str, after: str) -> tuple[float, float]:
    """Seconds until the rows are there, and until all is."""
    server.renew()
    begun = time.monotonic()
    server.run(script)
    alone = time.monotonic() - begun
    server.run(after)
    return alone, time.monotonic() - begun


class Shop:
    """The built-in online shop: its script without rows, and its files."""

    def __init__(self, datagen: pathlib.Path, scale: str, directory: pathlib.Path) -> None:
        self.datagen = str(datagen)
        self.chosen = ["--spec", "ecommerce", "--scale", scale]
        self.directory = directory
        self.peak = 0
        self.generate("--format", "csv", "-o", f"{directory}/")
        self.generate("--format", "copy-binary", "-o", f"{directory}/")

    def generate(self, *more: str) -> str:
        command = [self.datagen, "generate", *self.chosen, "--quiet", *more]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout

    def script(self) -> tuple[str, str]:
        script = self.generate("--format", "copy", "--schema-only")
        at = script.index("ALTER TABLE")
        return script[:at], script[at:]

    def files(self, kind: str = "csv") -> list[pathlib.Path]:
        """The largest first, so that none is left to the end when several are read at once."""
        return sorted(self.directory.glob(f"*.{kind}"), key=lambda file: -file.stat().st_size)

    def csv_copies(self) -> list[str]:
        return [f"\\copy {file.stem} from '{file}' (format csv, header)" for file in self.files()]

    def binary_copies(self) -> list[str]:
        return [f"COPY {file.stem} FROM '{file}' (FORMAT binary)" for file in self.files("pgcopy")]

    def bytes(self) -> int:
        return sum(file.stat().st_size for file in self.files())

    def rows(self) -> int:
        """As datagen counts them; text may hold line ends."""
        total = re.search(r"tables?, ([\d,]+) rows", self.generate("--dry-run"))
        return int(total.group(1).replace(",", ""))


class Server:
    """A PostgreSQL that lives as long as the measurement."""

    def __init__(self, directory: pathlib.Path, settings: str) -> None:
        self.directory = directory
        directory.mkdir()
        self.user = None
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(directory, owner.pw_uid, owner.pw_gid)
            self.user = "postgres"
        data = directory / "data"
        self.as_owner(program("initdb"), "-D", data, "-U", "datagen", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        settings = f"-k {directory} -c listen_addresses= {settings}"
        self.as_owner(program("pg_ctl"), "-D", data, "-w", "-o", settings, "-l", directory / "log", "start")

    def as_owner(self, *command: object) -> None:
        subprocess.run([str(part) for part in command], check=True, user=self.user, cwd="/", stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        self.as_owner(program("pg_ctl"), "-D", self.directory / "data", "-m", "immediate", "stop")

    def url(self) -> str:
        return f"postgres://datagen@/shop?host={self.directory}"

    def renew(self) -> None:
        """An empty database, with what was written before on its disk."""
        self.run("drop database if exists shop", "postgres")
        self.run("create database shop template template0", "postgres")
        self.run("checkpoint", "postgres")

    def run(self, sql: str, database: str = "shop") -> None:
        command = [program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(self.directory), "-U", "datagen"]
        command += ["-d", database]
        quietly = os.environ | {"PGOPTIONS": "-c client_min_messages=warning"}
        subprocess.run(command, check=True, input=sql, text=True, stdout=subprocess.DEVNULL, env=quietly)


def program(name: str) -> str:
    """From PATH, or where Debian keeps what is not on it."""
    found = shutil.which(name) or next(iter(sorted(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), None)
    if found is None:
        sys.exit(f"`{name}` of PostgreSQL was not found; `make test-deps` installs it")
    return str(found)


if __name__ == "__main__":
    main()
