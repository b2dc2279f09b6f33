"""What takes the interposer and is no promise of docs/faults.md: an hour of the night, and an end that can't be written."""

import contextlib
import datetime
import errno
import json
import os
import shutil
import signal
import sqlite3
import tempfile
import unittest
from pathlib import Path

from interpose import FAIL, WRITE, Rule
from rig import Client, FaultyServer, descendants, sample_film, until
from server import distribution


class Night(unittest.TestCase):
    def test_the_golden_pictures_are_checked_again_and_drift_pauses_what_is_new(self):
        with tempfile.TemporaryDirectory() as folder:
            models = Path(folder) / "models"
            shutil.copytree(distribution() / "share/lightbox/models", models)
            expected = models / "chest-xray/golden/expected.json"
            server = FaultyServer("night", LIGHTBOX_MODELS_DIRECTORY=str(models), LIGHTBOX_MODEL_CHECK_HOUR="3")
            now = datetime.datetime.now(datetime.UTC)
            night = now.replace(hour=3, minute=0, second=0, microsecond=0) + datetime.timedelta(days=1)
            # Long enough for the check at the start, which is of the evening then. The server's own time goes on steadily from its
            # start, so that the clock can't be put later.
            server.interposer.put_clock(int((night - now).total_seconds()) - 45)
            with server:
                until(lambda: server.get("/health/clinical")[0] == 200)
                golden = json.loads(expected.read_text())
                golden["files"][0]["logits"][0] += 0.5
                expected.write_text(json.dumps(golden))
                client = Client(server).begin()
                upload = client.upload(sample_film().read_bytes()).json()["id"]
                self.assertIn(client.analyse_all_the_same(upload)["state"], ("queued", "decoding", "inferring", "completed"))
                # Nobody asks for it.
                until(lambda: server.get("/health/clinical")[0] == 503, 150)
                self.assertEqual(client.api("GET", "/limits").json()["analysesPausedBy"], "model-check")
                refused = client.api("POST", "/analyses", {"uploadId": upload})
                self.assertEqual((refused.status, refused.code), (503, "model-check-failed"))
                lines = [line for line in server.log_lines() if line.get("message") == "the golden pictures were checked"]
                self.assertEqual([line["outcome"] for line in lines], ["passed", "drifted"])
                self.assertRegex(lines[1]["time"], r"T03:0")


class Ends(unittest.TestCase):
    def test_the_end_of_a_report_is_told_before_it_can_be_written(self):
        with FaultyServer("ends") as server:
            client = Client(server).begin()
            upload = client.upload(sample_film().read_bytes()).json()["id"]
            analysis = client.finished(client.analyse_all_the_same(upload)["id"])["id"]
            # Its picture has to be made again by a worker that stands still, so that it is still being made when the disk is full.
            for path in (server.data / "files").rglob(f"preview-{upload}*"):
                path.unlink()
            worker = descendants(server.process.pid)[-1]
            os.kill(worker, signal.SIGSTOP)
            report = client.api("POST", "/reports", {"analysisId": analysis, "audience": "patient"})
            self.assertEqual(report.status, 202, report.body)
            report = f"/reports/{report.json()['id']}"
            with server.interposer.rules(Rule(WRITE, "lightbox.sqlite-wal", FAIL, errno.ENOSPC)):
                os.kill(worker, signal.SIGCONT)
                ended = until(lambda: (found := client.api("GET", report).json())["state"] != "making" and found)
                self.assertEqual((ended["state"], ended["failure"]["failed"]), ("failed", "disk-full"))
                self.assertIn("txt", ended["failure"]["available"])
                self.assertEqual(client.api("GET", f"{report}/document?format=txt").status, 200)
                self.assertEqual(client.api("POST", f"{report}/cancel").code, "report-finished")
                with contextlib.closing(sqlite3.connect(f"file:{server.data}/lightbox.sqlite?mode=ro", uri=True)) as database:
                    self.assertEqual(database.execute("SELECT state FROM reports").fetchall(), [("making",)])
            # There is room again: it is written, and nothing of it changes.
            with contextlib.closing(sqlite3.connect(f"file:{server.data}/lightbox.sqlite?mode=ro", uri=True)) as database:
                until(lambda: database.execute("SELECT state FROM reports").fetchall() == [("failed",)])
            again = client.api("GET", report).json()
            self.assertEqual((again["state"], again["revision"], again["failure"]), (ended["state"], ended["revision"], ended["failure"]))
            self.assertEqual(client.api("GET", f"{report}/document?format=pdf").status, 200)


if __name__ == "__main__":
    unittest.main()
