"""What the server does by itself at an hour of the day, by a clock that is put."""

import datetime
import json
import shutil
import tempfile
import unittest
from pathlib import Path

from rig import Client, FaultyServer, sample_film, until
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
            # Long enough for the check at the start, which is of the evening then.
            server.interposer.put_clock(int((night - now).total_seconds()) - 30)
            with server:
                client = Client(server).begin()
                until(lambda: server.get("/health/clinical")[0] == 200)
                upload = client.upload(sample_film().read_bytes()).json()["id"]
                self.assertIn(client.analyse_all_the_same(upload)["state"], ("queued", "decoding", "inferring", "completed"))
                golden = json.loads(expected.read_text())
                golden["files"][0]["logits"][0] += 0.5
                expected.write_text(json.dumps(golden))
                # Nobody asks for it.
                until(lambda: server.get("/health/clinical")[0] == 503, 90)
                self.assertEqual(client.api("GET", "/limits").json()["analysesPausedBy"], "model-check")
                refused = client.api("POST", "/analyses", {"uploadId": upload})
                self.assertEqual((refused.status, refused.code), (503, "model-check-failed"))
                lines = [line for line in server.log_lines() if line.get("message") == "the golden pictures were checked"]
                self.assertEqual([line["outcome"] for line in lines], ["passed", "drifted"])
                self.assertRegex(lines[1]["time"], r"T03:0")


if __name__ == "__main__":
    unittest.main()
