#!/usr/bin/python3
"""Stands in for systemctl where no systemd runs, for units of type exec and oneshot: it does what the unit says.

Of a unit it carries out Requires=, ExecStart=, Environment=, LoadCredential=, User=, StateDirectory=, UMask=,
SystemCallFilter= and NoNewPrivileges= (by under_unit.py), ProcSubset= and ProtectProc=. The rest is for systemd-analyze to judge.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

UNITS = Path("/lib/systemd/system")
TESTS = Path(os.environ.get("LIGHTBOX_TESTS", "/nowhere"))


def values(unit: str, key: str) -> list[str]:
    return [line.split("=", 1)[1] for line in (UNITS / unit).read_text().splitlines() if line.startswith(key + "=")]


def process_file(unit: str) -> Path:
    return Path("/run") / f"{unit}.pid"


def running(unit: str) -> int | None:
    try:
        number = int(process_file(unit).read_text())
        return number if "lightbox" in Path(f"/proc/{number}/cmdline").read_text() else None
    except (OSError, ValueError):
        return None


def start(unit: str) -> None:
    if running(unit):
        return
    for needed in " ".join(values(unit, "Requires")).split():
        start(needed)
    credentials = Path("/run/credentials") / unit
    environment = {"PATH": os.environ["PATH"], "CREDENTIALS_DIRECTORY": str(credentials)}
    for line in values(unit, "Environment"):
        name, _, value = line.replace("%d", str(credentials)).partition("=")
        environment[name] = value
    user = (values(unit, "User") or ["root"])[0]
    account = pwd.getpwnam(user)
    shutil.rmtree(credentials, ignore_errors=True)
    credentials.mkdir(parents=True, mode=0o700)
    for line in values(unit, "LoadCredential"):
        name, _, source = line.partition(":")
        shutil.copyfile(source, credentials / name)
        (credentials / name).chmod(0o400)
        os.chown(credentials / name, account.pw_uid, account.pw_gid)
    os.chown(credentials, account.pw_uid, account.pw_gid)
    for name in values(unit, "StateDirectory"):
        folder = Path("/var/lib") / name
        folder.mkdir(exist_ok=True)
        folder.chmod(int(values(unit, "StateDirectoryMode")[0], 8))
        os.chown(folder, account.pw_uid, account.pw_gid)
    command = [sys.executable, TESTS / "under_unit.py", UNITS / unit, "--", *values(unit, "ExecStart")[0].split()]
    drop = ["setpriv", f"--reuid={user}", f"--regid={account.pw_gid}", "--clear-groups", "--bounding-set=-all"]
    if values(unit, "ProcSubset") == ["pid"] and values(unit, "ProtectProc") == ["invisible"]:
        mount = "mount -t proc -o subset=pid,hidepid=invisible proc /proc && exec \"$@\""
        drop = ["unshare", "--mount", "sh", "-c", mount, "sh", *drop]
    folder = (values(unit, "WorkingDirectory") or ["/"])[0]
    if values(unit, "Type") == ["oneshot"]:
        subprocess.run(command, env=environment, cwd=folder, check=True)
        return
    with open(f"/run/{unit}.log", "ab") as log:
        process = subprocess.Popen(
            [*drop, *command], env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    process_file(unit).write_text(str(process.pid))


def stop(unit: str) -> None:
    number = running(unit)
    process_file(unit).unlink(missing_ok=True)
    if number is None:
        return
    os.kill(number, signal.SIGTERM)
    deadline = time.monotonic() + 45
    while Path(f"/proc/{number}").exists() and "State:\tZ" not in Path(f"/proc/{number}/status").read_text():
        if time.monotonic() > deadline:
            sys.exit(f"{unit} doesn't stop")
        time.sleep(0.05)


def main() -> None:
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    act, units = (words or [""])[0], [name if name.endswith(".service") else f"{name}.service" for name in words[1:2]]
    if act in ("stop", "restart"):
        for unit in units:
            stop(unit)
    if act in ("start", "restart"):
        for unit in units:
            start(unit)
    if act == "status":
        for unit in units:
            print(unit, "active" if running(unit) else "inactive")
            if not running(unit):
                sys.exit(3)


main()
