"""The unit of systemd: how exposed it is, and that the real server with its sandboxed workers works under what it allows."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import package
import under_unit
from deployment import DEPLOY, NOBODY, ROOT, Client, Server, as_nobody, need, sample_film

UNIT = DEPLOY / "lightbox.service"


class Unit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        need("systemd-analyze")

    def exposure(self, unit: Path) -> float:
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", unit], capture_output=True, text=True)
        found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
        self.assertTrue(found, done.stdout + done.stderr)
        return float(found[1])

    def test_exposure_is_at_most_two(self):
        for name in ("lightbox.service", "lightbox-keys.service"):
            self.assertLessEqual(self.exposure(DEPLOY / name), 2.0, name)

    def test_the_measure_notices_what_is_left_out(self):
        with tempfile.TemporaryDirectory() as folder:
            weaker = Path(folder) / "lightbox.service"
            weaker.write_text("".join(line for line in UNIT.read_text().splitlines(True) if not line.startswith(("SystemCallFilter", "Protect", "Private"))))
            self.assertGreater(self.exposure(weaker), 2.0)

    def test_systemd_understands_every_line(self):
        for name in ("lightbox.service", "lightbox-keys.service"):
            done = subprocess.run(["systemd-analyze", "verify", "--man=no", DEPLOY / name], capture_output=True, text=True)
            # The programs are where the package puts them, and not on this machine.
            said = [line for line in (done.stdout + done.stderr).splitlines() if "is not executable" not in line and "lightbox" in line]
            self.assertEqual(said, [])

    def test_no_group_for_privileges_is_allowed(self):
        calls = under_unit.allowed(UNIT.read_text())
        for name in ("mount", "setuid", "ptrace", "bpf", "kexec_load", "init_module", "setpriority", "chroot"):
            self.assertNotIn(name, calls)
        for name in ("seccomp", "landlock_create_ruleset", "sched_setaffinity", "execve", "memfd_create"):
            self.assertIn(name, calls)


class UnderTheUnit(Server):
    """The packaged server as another user, under the unit's system calls, with nothing set but what the unit sets."""

    def __init__(self, name: str, *options: str) -> None:
        super().__init__(name)
        tree = package.extracted()
        self.program = tree / "usr/lib/lightbox/bin/lightbox"
        keys = Path(self.folder.name) / "keys"
        subprocess.run([DEPLOY / "make-keys", keys], check=True)
        (Path(self.folder.name) / "data").mkdir(mode=0o700)
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", self.folder.name], check=True)
        kept = {name: value for name, value in self.environment.items() if not name.startswith("LIGHTBOX_")}
        ports = {name: self.environment[name] for name in ("LIGHTBOX_HTTP_PORT", "LIGHTBOX_OPERATOR_PORT", "LIGHTBOX_DATA_DIRECTORY")}
        self.environment = {
            **kept, **ports, "LIGHTBOX_ENVIRONMENT": "production", "LIGHTBOX_KEYS_MASTER_FILE": str(keys / "master.key"),
            "LIGHTBOX_KEYS_SIGNING_FILE": str(keys / "signing.key"), "LIGHTBOX_OPERATOR_TOKEN_FILE": str(keys / "operator.token"),
        }
        real, launcher = self.program, Path(self.folder.name) / "launch"
        command = as_nobody("/usr/bin/python3", Path(under_unit.__file__), UNIT, *options, "--", real)
        launcher.write_text(f'#!/bin/sh\nexec {" ".join(command)} "$@"\n')
        launcher.chmod(0o755)
        self.program = launcher


class Running(unittest.TestCase):
    def test_an_analysis_and_a_report_are_made_in_production_under_the_unit(self):
        with UnderTheUnit("under-the-unit") as server:
            client = Client(server).begin()
            self.assertTrue(client.cookie.startswith("__Host-lightbox="), "production is for https")
            upload = client.upload(sample_film().read_bytes()).json()["id"]
            analysis = client.finished(client.analyse_all_the_same(upload)["id"])
            self.assertEqual(analysis["state"], "completed", analysis)
            report = client.reported(analysis["id"])
            document = client.api("GET", f"/reports/{report['id']}/document?format=pdf")
            self.assertTrue(document.body.startswith(b"%PDF"), document)
            status = Path(f"/proc/{self.worker_of(server)}/status").read_text()
            self.assertRegex(status, r"Seccomp:\s+2")
            self.assertEqual(server.stop(), 0)
        self.assertNotIn("sandbox", [line.get("message") for line in server.log_lines()])

    def worker_of(self, server: Server) -> int:
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                words = path.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(words[1]) == server.process.pid and "lightbox-worker" in (path.parent / "cmdline").read_text():
                return int(path.parent.name)
        self.fail("there is no worker")

    def test_writable_code_is_what_the_model_needs_so_the_unit_does_not_forbid_it(self):
        # OpenVINO compiles the model into memory. The day this fails, MemoryDenyWriteExecute=yes belongs into the unit.
        self.assertNotIn("MemoryDenyWriteExecute=yes", UNIT.read_text())
        server = UnderTheUnit("without-writable-code", "--no-writable-code")
        self.addCleanup(server.folder.cleanup)
        with self.assertRaises(RuntimeError) as raised:
            server.__enter__()
            server.stop()
        self.assertIn("The model cannot be compiled", str(raised.exception))


if __name__ == "__main__":
    unittest.main()
