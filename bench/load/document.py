"""docs/load.md: each kind of load writes its own section, and leaves those of the others as they are."""

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

HEAD = """# Under load

Written by `make load`, `make load-streams` and `make soak`, each its own section; they can be run again on any machine.
Client and server share the processors of one machine in all of them, so that what is measured is the two together: the
server alone can do more, never less. Every client comes from loopback, over plain http, as a proxy on the same machine
would.
"""

ORDER = ("journeys", "streams", "soak")


def machine() -> str:
    """The processor, its cores, the memory and the kernel; nothing that names the machine."""
    cpu = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.M)
    memory = re.search(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"), re.M)
    name = " ".join(cpu[1].split()) if cpu else platform.machine()
    gib = int(memory[1]) / (1 << 20) if memory else 0
    return f"{name}, {os.cpu_count()} cores, {gib:.0f} GiB, Linux {platform.release()}"


def commit() -> str:
    """Of the checkout; with a plus where files of the server or engine differ from it."""
    def git(*words: str) -> str:
        return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=False).stdout.strip()

    changed = git("status", "--porcelain", "--", "server", "engine")
    return (git("rev-parse", "--short=10", "HEAD") or "unknown") + ("+" if changed else "")


def circumstances(build: str) -> str:
    day = datetime.now(UTC).strftime("%d %B %Y").lstrip("0")
    return f"{day}, commit `{commit()}`, {build} build. {machine()}."


def build_of(programs: Path) -> str:
    return "debug" if programs.name.endswith("-debug") else "release"


class Report:
    """Where results go: `load.md` with its pictures beside it in `images`."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "load.md"
        self.images = folder / "images"

    def draw(self, name: str, picture: str) -> str:
        """Keeps a plot, and answers with the address that the document names."""
        self.images.mkdir(parents=True, exist_ok=True)
        (self.images / name).write_text(picture, encoding="utf-8")
        return f"images/{name}"

    def write(self, kind: str, text: str) -> None:
        sections = self.sections()
        sections[kind] = text.strip()
        parts = [f"<!-- {name} -->\n{sections[name]}\n<!-- end of {name} -->" for name in ORDER if name in sections]
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text("\n\n".join([HEAD.strip(), *parts]) + "\n", encoding="utf-8")

    def sections(self) -> dict[str, str]:
        if not self.file.exists():
            return {}
        text = self.file.read_text(encoding="utf-8")
        return {
            name: found[1].strip() for name in ORDER
            if (found := re.search(rf"<!-- {name} -->\n(.*?)\n<!-- end of {name} -->", text, re.S))}


def table(head: list[str], rows: list[list[str]]) -> str:
    """The first column is words, the others are numbers."""
    return "\n".join([
        "| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1),
        *("| " + " | ".join(row) + " |" for row in rows)])


def percentile(values: list[float], share: float) -> float:
    """The least value that is not below `share` of them."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -int(-len(ordered) * share // 1) - 1))]
