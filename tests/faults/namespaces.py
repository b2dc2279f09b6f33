"""A small disk of its own, that nobody else sees."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

INSIDE = "LIGHTBOX_FAULTS_INSIDE"


class NotHere(Exception):
    """This machine doesn't let the fault be caused; why."""


def enter() -> None:
    """Runs this program again in a mount namespace of its own (and as root of a user namespace, if it isn't root), and
    ends with its status. Returns inside of it."""
    if os.environ.get(INSIDE):
        # What is mounted here isn't passed on.
        subprocess.run(["mount", "--make-rprivate", "/"], check=True)
        return
    options = ["--mount"] if os.geteuid() == 0 else ["--mount", "--map-root-user"]
    if subprocess.run(["unshare", *options, "true"], capture_output=True).returncode != 0:
        # Those scenarios that need it say so.
        return
    os.environ[INSIDE] = "1"
    os.execvp("unshare", ["unshare", *options, "--", *sys.orig_argv])


@contextlib.contextmanager
def small_disk(mebibytes: int) -> Iterator[str]:
    if not os.environ.get(INSIDE):
        raise NotHere("no mount namespace can be made here")
    with tempfile.TemporaryDirectory(prefix="lightbox-disk-") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", folder], check=True)
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)
