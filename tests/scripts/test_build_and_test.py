"""scripts/test.sh and scripts/build.sh: what they do, report and how they end, with stand-ins for the compilers and the tests."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"

# `swift build` and `swift test` of a package fail when the file WORK/fail-ACTION-PACKAGE is there.
SWIFT = """#!/bin/bash
action=$1; package=; product=; next=
for word; do
    case $next in path) package=${word##*/} ;; scratch) scratch=$word ;; product) product=$word ;; kind) kind=$word ;; esac
    case $word in --package-path) next=path ;; --scratch-path) next=scratch ;; --product) next=product ;; --configuration) next=kind ;; *) next= ;; esac
done
echo "$action $package $product" >>"$WORK/calls"
if [ -e "$WORK/fail-$action-$package" ]; then
    echo "✘ Test \\"A thing holds\\" failed after 0.1 seconds with 1 issue."
    echo "error: it broke"
    [ $action = test ] && echo "✘ Test run with 5 tests in 1 suite failed after 0.1 seconds with 1 issue."
    exit 1
fi
case $action in
--version) echo "Swift version 6.3.1" ;;
build) if [ -n "$product" ]; then mkdir -p "$scratch/$kind"; echo program >"$scratch/$kind/$product"; fi ;;
test) echo "✔ Test run with 5 tests in 1 suite passed after 0.1 seconds." ;;
esac
"""
QUIET = "#!/bin/bash\nexit 0\n"
WEB_TESTS = '#!/bin/bash\necho "# tests 7"; echo "# pass 7"; echo "# fail 0"\n'
# Journeys, what runs modules side by side, and what runs a program beside a language model.
PYTHON = '#!/bin/bash\n[ "${2##*/}" != llama_server.py ] || exec "${@:3}"\necho "Ran 3 tests in 1.0s"; [ ! -e "$WORK/fail-journeys" ] || { echo "FAIL: test_a"; exit 1; }\n'


class BuildAndTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "checkout"
        self.work = Path(folder.name) / "work"
        for name in ("models/x", "docs", "server/Sources", "engine/Sources", ".venv/lib/python3.11/site-packages"):
            (self.root / name).mkdir(parents=True)
        (self.root / "server/openapi.yaml").touch()
        self.work.mkdir()
        shutil.copytree(SCRIPTS, self.root / "scripts")
        self.program("scripts/setup.sh", QUIET)
        self.program("scripts/check.sh", QUIET)
        self.program("web/scripts/build.sh", '#!/bin/bash\necho page >"$1/index.html"\n')
        self.program("web/scripts/build-operators.sh", '#!/bin/bash\nmkdir -p "$1"\necho page >"$1/index.html"\n')
        self.program("web/scripts/test.sh", WEB_TESTS)
        self.program(".venv-test/bin/python", PYTHON)
        self.program("programs/swift", SWIFT)
        self.program("Makefile", "fuzz-smoke:\n\t@echo fuzzed\n")

    def program(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(0o755)

    def run_tests(self, *parts: str, fail: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        for name in fail:
            (self.work / f"fail-{name}").touch()
        return self.script("test.sh", *parts)

    def script(self, name: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.root}/programs:{os.environ['PATH']}"
        return subprocess.run(
            ["bash", str(self.root / "scripts" / name), *arguments],
            env={**os.environ, "PATH": path, "WORK": str(self.work), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def calls(self) -> list[str]:
        log = self.work / "calls"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    def test_all_parts_are_counted_in_the_last_line(self) -> None:
        outcome = self.run_tests()
        self.assertEqual(outcome.returncode, 0, outcome.stdout + outcome.stderr)
        self.assertEqual(outcome.stdout.splitlines()[-1], "32 passed, 0 failed")

    def test_a_failed_test_is_shown_and_decides_the_status_but_the_rest_runs(self) -> None:
        outcome = self.run_tests(fail=("test-engine",))
        self.assertEqual(outcome.returncode, 1)
        self.assertIn('✘ Test "A thing holds" failed', outcome.stdout)
        self.assertIn("test server ", self.calls())
        self.assertEqual(outcome.stdout.splitlines()[-1], "31 passed, 1 failed")

    def test_what_did_not_compile_is_not_run_and_said(self) -> None:
        outcome = self.run_tests(fail=("build-server",))
        self.assertEqual(outcome.returncode, 1)
        self.assertNotIn("test server ", self.calls())
        self.assertIn("test engine ", self.calls())
        self.assertIn("server-tests   not run", outcome.stdout)
        self.assertIn("journeys       not run", outcome.stdout)

    def test_a_failed_journey_decides_the_status(self) -> None:
        self.assertEqual(self.run_tests("journeys", fail=("journeys",)).returncode, 1)

    def test_a_part_that_does_not_exist_is_refused(self) -> None:
        outcome = self.run_tests("servers")
        self.assertEqual(outcome.returncode, 1)
        self.assertIn("there is no part 'servers'", outcome.stderr)

    def test_named_parts_run_alone(self) -> None:
        outcome = self.run_tests("web")
        self.assertEqual(outcome.returncode, 0)
        self.assertEqual(outcome.stdout.splitlines()[-1], "7 passed, 0 failed")
        self.assertFalse([call for call in self.calls() if call.startswith(("build", "test"))])


    def build(self) -> subprocess.CompletedProcess[str]:
        return self.script("build.sh", CONFIGURATION="debug")

    def test_a_build_lays_out_programs_page_and_data(self) -> None:
        (self.root / "models/x/training").mkdir()
        (self.root / "models/x/training/train.py").touch()
        (self.root / "models/x/manifest.json").touch()
        (self.root / "docs/errors.md").touch()
        outcome = self.build()
        self.assertEqual(outcome.returncode, 0, outcome.stdout + outcome.stderr)
        dist = self.root / ".build-dist-debug"
        files = {str(file.relative_to(dist)) for folder in ("bin", "share") for file in (dist / folder).rglob("*.*")}
        files |= {f"bin/{file.name}" for file in (dist / "bin").iterdir()}
        share = "share/lightbox"
        self.assertEqual(
            files,
            {
                "bin/lightbox",
                "bin/lightbox-worker",
                f"{share}/web/index.html",
                f"{share}/operators/index.html",
                f"{share}/models/x/manifest.json",
                f"{share}/docs/errors.md",
                f"{share}/docs/openapi.yaml",
            },
        )

    def test_a_build_compiles_only_what_changed(self) -> None:
        self.build()
        compiled = ["build server lightbox", "build engine lightbox-worker"]
        self.assertCountEqual([call for call in self.calls() if call.startswith("build")], compiled)
        self.assertIn("nothing has changed", self.build().stdout)
        self.assertEqual(len([call for call in self.calls() if call.startswith("build")]), 2)
        (self.root / "server/Sources/a.swift").touch()
        self.build()
        self.assertEqual([call for call in self.calls() if call.startswith("build")][2:], ["build server lightbox"])

    def test_a_part_that_failed_is_built_again(self) -> None:
        (self.work / "fail-build-engine").touch()
        failed = self.build()
        self.assertEqual(failed.returncode, 1)
        self.assertIn("build: failed: engine", failed.stderr)
        (self.work / "fail-build-engine").unlink()
        again = self.build()
        self.assertEqual(again.returncode, 0)
        self.assertIn("server: nothing has changed", again.stdout)
        self.assertTrue((self.root / ".build-dist-debug/bin/lightbox-worker").exists())


if __name__ == "__main__":
    unittest.main()
