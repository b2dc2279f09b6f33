"""The container file: held against a linter, and its second stage built for real by buildah.

The images of its FROM lines come from a registry that a test doesn't reach, so both are made here: the base by mmdebstrap out of
Debian's packages, the first stage's result out of the package that scripts/package.sh wrote. Not run here: the
first stage's RUN line, whose three scripts are what `make package` runs.
"""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import package
from deployment import DEPLOY, ROOT, need

FILE = DEPLOY / "Containerfile"


class Containerfile(unittest.TestCase):
    def test_the_linter_finds_nothing(self):
        hadolint = ROOT / ".venv-test/bin/hadolint"
        program = str(hadolint) if hadolint.exists() else shutil.which("hadolint")
        self.assertTrue(program, "hadolint is missing: run 'scripts/setup.sh test'")
        done = subprocess.run([program, FILE], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_its_first_stage_runs_scripts_that_are_there(self):
        run = re.search(r"^RUN (scripts/.*)$", FILE.read_text(), re.MULTILINE)[1]
        for script in re.findall(r"scripts/\S+\.sh", run):
            self.assertTrue(os.access(ROOT / script, os.X_OK), script)

    def test_the_second_stage_builds_and_serves_as_another_user(self):
        need("buildah", "mmdebstrap")
        with tempfile.TemporaryDirectory(prefix="lightbox-container-", dir="/tmp") as name:
            self.addCleanup(shutil.rmtree, name, ignore_errors=True)
            folder = Path(name)
            self.environment = {**os.environ, "STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot", "TMPDIR": name}
            self.storage = ["--root", f"{name}/storage", "--runroot", f"{name}/run", "--storage-driver", "vfs"]
            self.do("mmdebstrap", "--variant=minbase", "--dpkgopt=force-unsafe-io", "--include=ca-certificates", "bookworm", folder / "base.tar")
            self.image("localhost/base", folder / "base.tar")
            (folder / "built").mkdir()
            shutil.copy(package.built(), folder / "built/lightbox.deb")
            (folder / "first").write_text("FROM scratch\nCOPY lightbox.deb /package/lightbox.deb\n")
            self.buildah("build", "--tag", "localhost/built", "--file", folder / "first", folder / "built")
            # The second stage, word for word, after a first stage that has been.
            text = FILE.read_text()
            second = "ARG BUILD_IMAGE\nARG BASE_IMAGE\nFROM ${BUILD_IMAGE} AS build\n" + text[text.index("FROM ${BASE_IMAGE}"):]
            (folder / "second").write_text(second)
            self.buildah("build", "--network", "host", "--build-arg", "BUILD_IMAGE=localhost/built", "--build-arg", "BASE_IMAGE=localhost/base",
                         "--tag", "localhost/lightbox", "--file", folder / "second", folder / "built")
            container = self.buildah("from", "localhost/lightbox").split()[-1]
            inspected = self.buildah("inspect", "--format", "{{.OCIv1.Config.User}} {{.OCIv1.Config.Entrypoint}} {{.OCIv1.Config.Cmd}}", container)
            self.assertEqual(inspected.split(), ["950:950", "[/usr/lib/lightbox/bin/lightbox]", "[serve]"])
            done = self.buildah("run", container, "--", "bash", "-c", """
                set -eu
                id -u
                ls /etc/lightbox/keys | wc -l
                /usr/lib/lightbox/bin/lightbox doctor || true
                """)
            lines = done.splitlines()
            self.assertEqual(lines[:2], ["950", "0"], "another user, and no keys in the image")
            self.assertIn("ok       a worker starts and runs the model", done)
            self.assertNotIn("MISSING", done)

    def image(self, name: str, tar: Path) -> None:
        container = self.buildah("from", "scratch").split()[-1]
        self.buildah("add", container, tar, "/")
        self.buildah("commit", container, name)
        self.buildah("rm", container)

    def buildah(self, *words: object) -> str:
        return self.do("buildah", *self.storage, *words)

    def do(self, *words: object) -> str:
        done = subprocess.run([str(word) for word in words], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=500)
        self.assertEqual(done.returncode, 0, f"{words}\n{done.stdout[-2000:]}{done.stderr[-3000:]}")
        return done.stdout


if __name__ == "__main__":
    unittest.main()
