#!/usr/bin/python3
"""Stands in for journalctl where no systemd runs, beside systemctl.py: it reads a unit's log as journald would.

A line's priority is the number in front of it (sd-daemon(3)), 6 where there is none. Of the options it carries out --unit,
--priority and --grep; lines have no time, so that --since is all.
"""

import argparse
import re
import sys
from pathlib import Path

LEVELS = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--unit", required=True)
    parser.add_argument("--since")
    parser.add_argument("--priority", choices=LEVELS, default="debug")
    parser.add_argument("--grep", default="")
    parser.add_argument("--no-pager", action="store_true")
    # What follows --since begins with a dash: -15min.
    words = iter(sys.argv[1:])
    wanted = parser.parse_args([f"--since={next(words)}" if word == "--since" else word for word in words])
    for line in Path(f"/run/{wanted.unit}.service.log").read_text(errors="replace").splitlines():
        found = re.match(r"<([0-7])>", line)
        text = line[3:] if found else line
        if int(found[1] if found else 6) <= LEVELS.index(wanted.priority) and re.search(wanted.grep, text):
            print(text)
    sys.stdout.flush()


main()
