"""scripts/setup.sh on machines that lack something, with stand-ins for Debian's programs, Swift and Python."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
DONE = "setup: all there"

# Each stand-in notes its call. Packages count as installed when a file of their name lies in the folder `installed`.
STAND_INS = {
    "swift": 'echo "Swift version ${SWIFT_VERSION:-6.3.1} (swift-RELEASE)"',
    "id": "echo ${USER_ID:-0}",
    "dpkg-query": 'for name; do :; done; if [ -e "$WORK/installed/$name" ]; then printf installed; else exit 1; fi',
    "apt-cache": '[ -e "$WORK/lists" ]',
    "apt-get": """
        case " $* " in
        *" update "*) touch "$WORK/lists" ;;
        *) [ -e "$WORK/lists" ] || { echo "Unable to locate package" >&2; exit 100; }
           for word; do [ -n "$past" ] && touch "$WORK/installed/$word"; [ "$word" = --no-install-recommends ] && past=1; done ;;
        esac
        exit 0""",
    "sudo": '[ "$1" = -n ] || exit 99; shift; [ -n "$SUDO_ASKS" ] && exit 1; exec "$@"',
    "python": """
        if [ "$1" = -c ]; then echo 3.11; exit 0; fi
        if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; exit 0; fi
        [ -z "$PIP_FAILS" ] || { echo "no such release" >&2; exit 1; }""",
}


class Setup(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "a checkout"
        self.work = Path(folder.name) / "work"
        self.programs = Path(folder.name) / "programs"
        for path in (self.root, self.work / "installed", self.programs):
            path.mkdir(parents=True)
        shutil.copytree(SCRIPTS, self.root / "scripts")
        for name, body in STAND_INS.items():
            program = self.programs / name
            program.write_text(f'#!/bin/sh\necho "{name} $*" >>"$WORK/calls"\n{body}\n', encoding="utf-8")
            program.chmod(0o755)
        for name in self.packages("run") + self.packages("test"):
            (self.work / "installed" / name).touch()
        self.lists = self.work / "lists"
        self.lists.touch()

    def packages(self, purpose: str) -> list[str]:
        lines = (SCRIPTS / f"packages-{purpose}.txt").read_text(encoding="utf-8").splitlines()
        return [line.strip() for line in lines if line.strip() and not line.startswith("#")]

    def remove(self, *names: str) -> None:
        for name in names:
            (self.work / "installed" / name).unlink()

    def installed(self, name: str) -> bool:
        return (self.work / "installed" / name).exists()

    def run_setup(self, purpose: str = "run", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", str(self.root / "scripts/setup.sh"), purpose],
            env={
                "PATH": f"{self.programs}:{os.environ['PATH']}",
                "WORK": str(self.work),
                "PYTHON": "python",
                **environment,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def calls(self, program: str) -> list[str]:
        log = self.work / "calls"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return [line for line in lines if line.startswith(program + " ")]

    def test_a_complete_machine_is_left_alone_the_second_time(self) -> None:
        first = self.run_setup()
        self.assertEqual(first.returncode, 0, first.stdout + first.stderr)
        self.assertIn(DONE, first.stdout)
        self.assertEqual(self.calls("apt-get"), [])
        made = [call for call in self.calls("python") if " venv " in call]
        second = self.run_setup()
        self.assertEqual(second.returncode, 0)
        self.assertEqual([call for call in self.calls("python") if " venv " in call], made)
        self.assertEqual(len(made), 1)

    def test_missing_packages_are_named_and_installed_as_root(self) -> None:
        self.remove("libvips-dev", "esbuild")
        outcome = self.run_setup()
        self.assertEqual(outcome.returncode, 0, outcome.stdout + outcome.stderr)
        self.assertIn("missing Debian packages: libvips-dev esbuild", outcome.stdout)
        self.assertTrue(self.installed("libvips-dev") and self.installed("esbuild"))
        self.assertEqual(len(self.calls("apt-get")), 1, "the package lists at hand were good enough")

    def test_package_lists_are_fetched_only_when_they_are_missing(self) -> None:
        self.remove("libvips-dev")
        self.lists.unlink()
        outcome = self.run_setup()
        self.assertEqual(outcome.returncode, 0, outcome.stdout + outcome.stderr)
        self.assertEqual([" update" in call for call in self.calls("apt-get")], [True, False])

    def test_without_root_the_command_is_printed(self) -> None:
        self.remove("libvips-dev", "esbuild")
        outcome = self.run_setup(USER_ID="1000", SUDO_ASKS="1")
        self.assertEqual(outcome.returncode, 1)
        self.assertIn(
            "sudo apt-get update && sudo apt-get install --no-install-recommends libvips-dev esbuild", outcome.stderr
        )
        self.assertFalse(self.installed("libvips-dev"))

    def test_sudo_is_used_where_it_does_not_ask(self) -> None:
        self.remove("libvips-dev")
        outcome = self.run_setup(USER_ID="1000")
        self.assertEqual(outcome.returncode, 0, outcome.stdout + outcome.stderr)
        self.assertTrue(self.installed("libvips-dev"))

    def test_only_the_tests_take_a_browser(self) -> None:
        self.remove("chromium")
        self.assertEqual(self.run_setup("run").returncode, 0)
        self.assertFalse(self.installed("chromium"))
        self.assertEqual(self.run_setup("test").returncode, 0)
        self.assertTrue(self.installed("chromium"))

    def test_a_missing_or_old_swift_is_said_plainly(self) -> None:
        old = self.run_setup(SWIFT_VERSION="5.10")
        self.assertEqual(old.returncode, 1)
        self.assertIn("Swift 5.10 is too old", old.stderr)
        # A PATH without Swift: the stand-ins and what the script itself takes, and nothing else.
        (self.programs / "swift").unlink()
        for name in ("bash", "dirname", "mkdir", "date", "flock", "sed"):
            (self.programs / name).symlink_to(shutil.which(name) or "/bin/false")
        missing = self.run_setup(PATH=str(self.programs))
        self.assertEqual(missing.returncode, 1)
        self.assertIn("Swift is not on the PATH", missing.stderr)

    def test_what_pip_says_is_shown_and_nothing_half_made_counts(self) -> None:
        outcome = self.run_setup(PIP_FAILS="1")
        self.assertEqual(outcome.returncode, 1)
        self.assertIn("no such release", outcome.stdout)
        again = self.run_setup()
        self.assertEqual(again.returncode, 0, again.stdout + again.stderr)
        self.assertEqual(len([call for call in self.calls("python") if " venv " in call]), 2)


if __name__ == "__main__":
    unittest.main()
