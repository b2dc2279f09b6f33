"""Backup and restore with the real program: while people work, damaged, killed, and with what was erased since."""

import contextlib
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
import unittest
from pathlib import Path

from deployment import Client, Server, data, lightbox, png, sample_film


class Another(Server):
    """A server on a data folder that was restored, with keys that were kept elsewhere."""

    def __init__(self, name: str, folder: Path, keys: Path) -> None:
        super().__init__(name, LIGHTBOX_DATA_DIRECTORY=str(folder), LIGHTBOX_KEYS_MASTER_FILE=str(keys / "master.key"),
                         LIGHTBOX_KEYS_SIGNING_FILE=str(keys / "signing.key"))


class Backups(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server("backup"))
        cls.folder = Path(cls.server.folder.name)
        cls.key = cls.folder / "backup.key"
        cls.client = Client(cls.server).begin()
        cls.client.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "Xylocough"}})
        upload = cls.client.upload(sample_film().read_bytes()).json()["id"]
        cls.upload = upload
        cls.analysis = cls.client.finished(cls.client.analyse_all_the_same(upload)["id"])
        cls.report = cls.client.reported(cls.analysis["id"])
        cls.pdf = cls.document(cls.client)

    @classmethod
    def document(cls, client: Client) -> bytes:
        return client.api("GET", f"/reports/{cls.report['id']}/document?format=pdf").body

    def backup(self, name: str) -> Path:
        path = self.folder / name
        done = lightbox(self.server, "backup", path, "--key-file", self.key, "--make-key")
        self.assertEqual(done.returncode, 0, done.stderr)
        return path

    def restore(self, backup: Path, *more: object, key: Path | None = None):
        return lightbox(self.server, "restore", backup, "--key-file", key or self.key, *more)

    def test_a_backup_made_during_traffic_is_restored_and_people_go_on(self):
        stop = threading.Event()
        failures, done = [], []

        def work() -> None:
            while not stop.is_set():
                try:
                    other = Client(self.server).begin()
                    answer = other.upload(png(200, 240))
                    other.api("PATCH", "/intake", {"answers": {"age": 40}})
                    erased = other.api("DELETE", "/session")
                    if (answer.status, erased.status) != (201, 200):
                        failures.append((answer, erased))
                    done.append(1)
                except Exception as error:  # noqa: BLE001
                    failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        backup = self.backup("traffic.backup")
        stop.set()
        for thread in threads:
            thread.join()
        self.assertFalse(failures)
        self.assertTrue(done)
        self.assertEqual(backup.stat().st_mode & 0o777, 0o600)
        self.assertEqual(list(data(self.server).glob(".backup/*")), [])
        raw = backup.read_bytes()
        for secret in (b"Xylocough", b"SQLite format", b"picture-", b"%PDF"):
            self.assertNotIn(secret, raw)

        checked = self.restore(backup, "--check")
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertIn("Whole:", checked.stdout)
        target = self.folder / "restored"
        restored = self.restore(backup, "--into", target)
        self.assertEqual(restored.returncode, 0, restored.stderr)
        self.assertEqual(target.stat().st_mode & 0o777, 0o700)
        self.assertFalse((target / "master.key").exists())
        with Another("restored", target, data(self.server)) as other:
            client = Client(other, cookie=self.client.cookie)
            self.assertEqual(client.api("GET", "/intake").json()["answers"]["reason"], "Xylocough")
            self.assertEqual(client.api("GET", f"/analyses/{self.analysis['id']}").json()["state"], "completed")
            self.assertEqual(client.api("GET", f"/uploads/{self.upload}/preview?width=400").status, 200)
            self.assertEqual(self.document(client), self.pdf)
            report = self.folder / "report.pdf"
            report.write_bytes(self.document(client))
            self.assertEqual(lightbox(other, "report", "verify", report).returncode, 0)
            self.assertEqual(lightbox(other, "audit", "verify").returncode, 0)
            # It is a server like any other.
            again = client.finished(client.analyse_all_the_same(self.upload)["id"])
            self.assertEqual(again["state"], "completed")

    def test_that_a_backup_was_made_is_in_the_trail(self):
        before = lightbox(self.server, "audit", "export").stdout.count("data-saved")
        self.backup("trail.backup")
        self.assertEqual(lightbox(self.server, "audit", "export").stdout.count("data-saved"), before + 1)
        self.assertEqual(lightbox(self.server, "audit", "verify").returncode, 0)

    def test_another_master_key_is_said_at_the_start(self):
        target = self.folder / "elsewhere"
        self.assertEqual(self.restore(self.backup("elsewhere.backup"), "--into", target).returncode, 0)
        keys = self.folder / "other-keys"
        keys.mkdir()
        other = Another("no-key", target, keys)
        self.addCleanup(other.folder.cleanup)
        with self.assertRaises(RuntimeError) as raised:
            other.__enter__()
        self.assertIn("master key", str(raised.exception))

    def test_a_damaged_backup_is_named_and_leaves_nothing(self):
        backup = self.backup("damaged.backup")
        whole = backup.read_bytes()
        for place in (0, 20, 60, len(whole) // 2, len(whole) - 3):
            changed = bytearray(whole)
            changed[place] ^= 0x40
            backup.write_bytes(changed)
            for aim in (["--check"], ["--into", str(self.folder / "never")]):
                done = self.restore(backup, *aim)
                self.assertEqual(done.returncode, 65, (place, done.stderr))
                self.assertRegex(done.stderr, "damaged")
        self.assertRegex(done.stderr, r"damaged at (its end|what comes after \S+):")
        backup.write_bytes(whole[: len(whole) // 2])
        done = self.restore(backup, "--into", self.folder / "never")
        self.assertRegex(done.stderr, r"damaged at (\S+|what comes after \S+): it ends too early")
        self.assertEqual([path.name for path in self.folder.glob("never*")], [])

    def test_a_wrong_key_says_so(self):
        backup = self.backup("wrong.backup")
        other = self.folder / "other.key"
        self.assertEqual(lightbox(self.server, "backup", self.folder / "x.backup", "--key-file", other, "--make-key").returncode, 0)
        done = self.restore(backup, "--check", key=other)
        self.assertEqual(done.returncode, 65)
        self.assertIn("another key", done.stderr)
        other.chmod(0o644)
        self.assertIn("read by others", self.restore(backup, "--check", key=other).stderr)

    def test_nothing_that_is_there_is_overwritten(self):
        backup = self.backup("there.backup")
        size = backup.stat().st_size
        done = lightbox(self.server, "backup", backup, "--key-file", self.key)
        self.assertEqual((done.returncode, backup.stat().st_size), (73, size))
        full = self.folder / "full"
        full.mkdir()
        (full / "mine").write_text("x")
        self.assertEqual(self.restore(backup, "--into", full).returncode, 73)
        self.assertEqual([path.name for path in full.iterdir()], ["mine"])
        empty = self.folder / "empty"
        empty.mkdir()
        self.assertEqual(self.restore(backup, "--into", empty).returncode, 0)
        self.assertTrue((empty / "lightbox.sqlite").exists())

    def test_what_was_erased_since_is_left_out(self):
        leaving, leaving_quietly, staying = (Client(self.server).begin() for _ in range(3))
        for client in (leaving, leaving_quietly, staying):
            client.api("PATCH", "/intake", {"answers": {"age": 40, "reason": "Quuxpain"}})
            self.assertEqual(client.upload(png(200, 240)).status, 201)
        backup = self.backup("erased.backup")
        # Leaving takes the cookie away.
        cookies = [leaving.cookie, leaving_quietly.cookie]
        self.assertEqual(leaving_quietly.api("POST", "/session/log-off").status, 204)
        self.assertEqual(leaving.api("DELETE", "/session").status, 200)
        trail = self.folder / "trail.jsonl"
        deadline = time.monotonic() + 20
        while True:
            exported = lightbox(self.server, "audit", "export").stdout
            if "session-erased" in exported.splitlines()[-1] or time.monotonic() > deadline:
                break
        trail.write_text(exported)
        counts = {}
        for name, more in (("with", []), ("without", ["--erased-since", str(trail)])):
            target = self.folder / f"erased-{name}"
            done = self.restore(backup, "--into", target, *more)
            self.assertEqual(done.returncode, 0, done.stderr)
            with sqlite3.connect(target / "lightbox.sqlite") as database:
                counts[name] = database.execute("SELECT count(*) FROM sessions").fetchone()[0], len(list((target / "files").iterdir()))
        self.assertIn("2 sessions that were erased since are left out", done.stdout)
        self.assertEqual([a - b for a, b in zip(counts["with"], counts["without"])], [2, 2])
        with Another("erased", self.folder / "erased-without", data(self.server)) as other:
            for cookie in cookies:
                self.assertEqual(Client(other, cookie=cookie).api("GET", "/session").status, 401)
            self.assertEqual(Client(other, cookie=staying.cookie).api("GET", "/session").status, 200)
        # A trail that isn't one stops the restore.
        trail.write_text("hello\n")
        self.assertEqual(self.restore(backup, "--into", self.folder / "bad-trail", "--erased-since", trail).returncode, 65)
        self.assertFalse((self.folder / "bad-trail").exists())


class Killed(unittest.TestCase):
    """kill -9 in the middle: there is a whole target or none, and the next try works."""

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server("backup-killed"))
        cls.folder = Path(cls.server.folder.name)
        cls.key = cls.folder / "backup.key"
        cls.client = Client(cls.server).begin()
        upload = cls.client.upload(png(300, 300)).json()["id"]
        # Much to copy, as files of this session; what is in them doesn't matter to a backup.
        session = next((data(cls.server) / "files").iterdir())
        for number in range(24):
            (session / f"picture-{upload[:-2]}{number:02}").write_bytes(secrets.token_bytes(4 << 20))

    def bytes(self, place: Path) -> int:
        """What a file holds, or all files of a folder; one that is renamed while it is looked at is missed for now."""
        with contextlib.suppress(FileNotFoundError):
            files = [place] if place.is_file() else list(place.rglob("*"))
            return sum(path.stat().st_size for path in files if path.is_file())
        return 0

    def killed(self, *command: object, until: Path, size: int) -> bool:
        """Starts it and kills it once the file or folder has so many bytes. Says whether it was still at work."""
        process = subprocess.Popen([str(word) for word in (self.server.program, *command)], env=self.server.environment,
                                   cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while process.poll() is None:
                if self.bytes(until) >= size:
                    process.send_signal(signal.SIGKILL)
                    return process.wait() == -signal.SIGKILL
            return False
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()

    def test_a_killed_backup_leaves_no_target(self):
        target = self.folder / "killed.backup"
        command = ("backup", target, "--key-file", self.key, "--make-key")
        for size in (1, 8 << 20, 60 << 20):
            self.assertTrue(self.killed(*command, until=Path(f"{target}.partial"), size=size), "it was too fast to be killed")
            self.assertFalse(target.exists())
        self.assertEqual(lightbox(self.server, *command).returncode, 0)
        self.assertEqual(lightbox(self.server, "restore", target, "--key-file", self.key, "--check").returncode, 0)
        self.assertEqual([path.name for path in self.folder.glob("killed*")], ["killed.backup"])

    def test_a_killed_restore_leaves_no_target(self):
        backup, target = self.folder / "whole.backup", self.folder / "target"
        self.assertEqual(lightbox(self.server, "backup", backup, "--key-file", self.key, "--make-key").returncode, 0)
        command = ("restore", backup, "--key-file", self.key, "--into", target)
        for size in (1, 30 << 20):
            self.assertTrue(self.killed(*command, until=Path(f"{target}.restoring"), size=size), "it was too fast to be killed")
            self.assertFalse(target.exists())
        self.assertEqual(lightbox(self.server, *command).returncode, 0)
        self.assertTrue((target / "lightbox.sqlite").exists())
        self.assertFalse(Path(f"{target}.restoring").exists())

    def test_memory_stays_small_however_much_there_is(self):
        backup = self.folder / "memory.backup"
        measure = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        peaks = []
        for command in (("backup", backup, "--key-file", self.key, "--make-key"),
                        ("restore", backup, "--key-file", self.key, "--into", self.folder / "memory")):
            done = subprocess.run(["python3", "-c", measure, str(self.server.program), *map(str, command)], env=self.server.environment,
                                  cwd=self.folder, capture_output=True, text=True, check=True)
            peaks.append(int(done.stdout.splitlines()[-1]) // 1024)
        self.assertGreater(backup.stat().st_size, 96 << 20)
        print(f"\n    96 MiB: peak resident memory {peaks[0]} MiB for backup, {peaks[1]} MiB for restore")
        self.assertLess(max(peaks), 90, "MiB")


if __name__ == "__main__":
    unittest.main()
