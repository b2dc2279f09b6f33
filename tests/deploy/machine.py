"""A copy of this machine that nothing leaves: what is installed, written and removed there is gone with it.

Its disk is an overlay over this one's, kept in memory; its network has nothing but loopback; its processes end with it. It
takes root, as Debian's own package manager does. There is no systemd in it; systemctl.py stands in, which reads the unit,
and journalctl.py, which reads what the unit's program wrote.
"""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from deployment import ROOT, need

HERE = Path(__file__).resolve().parent

SCRIPT = r"""
set -euo pipefail
base={base}
mount --make-rprivate /
mount -t tmpfs -o mode=0755 lightbox "$base"
mkdir "$base"/upper "$base"/work "$base"/copy
mount -t overlay -o lowerdir=/,upperdir="$base"/upper,workdir="$base"/work lightbox "$base"/copy
mount -t proc proc "$base"/copy/proc
mount --rbind /dev "$base"/copy/dev
mount --rbind /sys "$base"/copy/sys
mount -t tmpfs tmpfs "$base"/copy/tmp
mount -t tmpfs -o mode=0755 tmpfs "$base"/copy/run
# The checkout, where it is a mount of its own.
mkdir -p "$base"/copy{root}
mount --bind {root} "$base"/copy{root}
mount -o remount,bind,ro "$base"/copy{root}
for folder in {folders}; do
    mkdir -p "$base"/copy"$folder"
    mount --bind "$folder" "$base"/copy"$folder"
done
ip link set lo up
install -m 755 {here}/systemctl.py "$base"/copy/usr/local/sbin/systemctl
install -m 755 {here}/journalctl.py "$base"/copy/usr/local/bin/journalctl
exec chroot "$base"/copy /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive LIGHTBOX_TESTS={here} bash -c {script}
"""


def run(script: str, folders: list[Path] = [], timeout: int = 500) -> subprocess.CompletedProcess:
    """Runs a script of bash as root of such a machine; `folders` can be read and written there under the same names."""
    need("unshare", "ip", "chroot")
    if os.geteuid() != 0:
        raise PermissionError("installing a package takes root; so does this test, which installs it on a copy of the machine")
    with tempfile.TemporaryDirectory(prefix="lightbox-machine-", dir="/tmp") as base:
        outer = SCRIPT.format(
            base=base, root=ROOT, here=HERE, script=shlex.quote(script), folders=" ".join(shlex.quote(str(folder)) for folder in folders))
        return subprocess.run(
            ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "bash", "-c", outer],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout)
