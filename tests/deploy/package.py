"""The package, built once for all tests out of the laid-out build; uncompressed, because nobody downloads it."""

import functools
import os
import subprocess
import tempfile
import atexit
import shutil
from pathlib import Path

from deployment import ROOT, distribution, need


@functools.cache
def built() -> Path:
    need("dpkg-deb", "dpkg-shlibdeps", "patchelf", "strip")
    folder = Path(tempfile.mkdtemp(prefix="lightbox-package-", dir="/tmp"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # One that is there, to try a test without building it again.
    if named := os.environ.get("PACKAGE"):
        return Path(shutil.copy(Path(named).resolve(), folder))
    environment = {**os.environ, "DIST": str(distribution()), "COMPRESSION": "none"}
    done = subprocess.run(
        ["bash", str(ROOT / "scripts/package.sh"), str(folder)], env=environment, capture_output=True, text=True, timeout=400)
    if done.returncode != 0:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return (folder / "lightbox.deb").resolve()


@functools.cache
def extracted() -> Path:
    """The package's files in a folder, where another user can read them."""
    folder = built().parent / "extracted"
    subprocess.run(["dpkg", "-x", built(), folder], check=True)
    built().parent.chmod(0o755)
    return folder
