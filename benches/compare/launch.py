"""Starts a program and notes what it took: launch.py FD PROGRAM ARGUMENT...

Writes {"code", "seconds", "cpu", "peak"} to the file descriptor. A process begins as a copy of the one that starts it, and the
system counts that copy's memory as its own: so a small process starts it, which imports next to nothing.
"""

import os
import sys
import time


def main() -> None:
    descriptor, program, *arguments = sys.argv[1:]
    begin = time.perf_counter()
    try:
        process = os.posix_spawnp(program, [program, *arguments], os.environ)
    except OSError as error:
        sys.exit(f"cannot be started: {error.strerror}")
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - begin
    code = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    os.write(int(descriptor), f'{{"code": {code}, "seconds": {seconds}, "cpu": {cpu}, "peak": {peak}}}'.encode())


if __name__ == "__main__":
    main()
