"""Runs a command in a terminal of its own, and types what a person would.

    python terminal.py '[["Which data?", "ecom\\n"], ...]' COMMAND ARGUMENT ...

Each pair is what is waited for and what is typed then. Prints what the terminal showed and how the command ended, as JSON.
"""

import json
import os
import pty
import select
import sys
import time

# Longer than any step takes, so that a test that waits in vain ends.
PATIENCE_S = 120


def main():
    dialogue, command = json.loads(sys.argv[1]), sys.argv[2:]
    process, terminal = pty.fork()
    if process == 0:
        os.execv(command[0], command)
    shown = ""

    def read():
        nonlocal shown
        if not select.select([terminal], [], [], PATIENCE_S)[0]:
            sys.exit(f"nothing more was shown after:\n{shown}")
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # Linux says so when the other end is closed.
            piece = b""
        shown += piece.decode(errors="replace")
        return bool(piece)

    seen = 0
    for awaited, typed in dialogue:
        begin = time.monotonic()
        while awaited not in shown[seen:]:
            if time.monotonic() - begin > PATIENCE_S or not read():
                sys.exit(f"no {awaited!r} was shown:\n{shown}")
        seen += shown[seen:].index(awaited) + len(awaited)
        os.write(terminal, typed.encode())
    while read():
        pass
    status = os.waitpid(process, 0)[1]
    print(json.dumps({"code": os.waitstatus_to_exitcode(status), "shown": shown.replace("\r\n", "\n")}))


if __name__ == "__main__":
    main()
