"""Memory of a real server: flat while it works, and shown to operators. The whole run is bench/memory.py."""

import re
import subprocess
import sys
import time
import unittest

from client import ROOT, Server

COMMAND = [sys.executable, "-B", str(ROOT / "bench/memory.py")]


class MemoryTest(unittest.TestCase):
    def test_forty_analyses_and_reports_leave_the_server_flat(self):
        load = ["--analyses", "40", "--reports", "40", "--clients", "2", "--every", "4"]
        ended = subprocess.run([*COMMAND, *load], capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.assertIn("The server grew by", ended.stdout)

    def test_operators_see_the_memory_of_the_server_and_of_each_worker_and_that_caches_go(self):
        with Server("memory-metrics", LIGHTBOX_WORKER_COUNT="2", LIGHTBOX_MEMORY_SOFT_LIMIT="1") as server:
            deadline = time.monotonic() + 30
            while "lightbox_memory_shrinks_total" not in (text := server.metrics()):
                self.assertLess(time.monotonic(), deadline, text)
                time.sleep(0.1)
            resident = float(re.search(r"^process_resident_memory_bytes (\S+)", text, re.M)[1])
            self.assertGreater(resident, 10 << 20)
            workers = dict(re.findall(r'^lightbox_worker_resident_memory_bytes{worker="(\d)"} (\S+)', text, re.M))
            self.assertEqual(sorted(workers), ["0", "1"])
            self.assertTrue(all(float(held) > 10 << 20 for held in workers.values()), workers)
            self.assertIn('lightbox_memory_shrinks_total{reason="soft-limit"} 1', text)
            self.assertIn("memory is short", server.log.read_text())


if __name__ == "__main__":
    unittest.main()
