"""What Prometheus is given."""

import subprocess
import unittest

from deployment import DEPLOY, need, standard


class Prometheus(unittest.TestCase):
    def test_the_scrape_file_is_in_order_and_names_the_operators_listener(self):
        need("promtool")
        path = DEPLOY / "prometheus/prometheus.yml"
        done = subprocess.run(["promtool", "check", "config", path], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(f'"127.0.0.1:{standard("operator.port")}"', path.read_text())


if __name__ == "__main__":
    unittest.main()
