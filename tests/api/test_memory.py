"""Memory of a real server: flat while it works, and shown to operators. The whole run is bench/memory.py."""

import http.client
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

    def test_operators_see_the_memory_of_the_server_and_of_the_largest_worker_and_that_caches_go(self):
        with Server("memory-metrics", LIGHTBOX_WORKER_COUNT="2", LIGHTBOX_MEMORY_SOFT_LIMIT="1") as server:
            deadline = time.monotonic() + 30
            while "lightbox_memory_shrinks_total" not in (text := metrics(server)):
                self.assertLess(time.monotonic(), deadline, text)
                time.sleep(0.1)
            resident = float(re.search(r"^process_resident_memory_bytes (\S+)", text, re.M)[1])
            self.assertGreater(resident, 10 << 20)
            largest = float(re.search(r"^lightbox_worker_resident_memory_bytes (\S+)", text, re.M)[1])
            self.assertGreater(largest, 10 << 20)
            self.assertIn('lightbox_memory_shrinks_total{reason="soft-limit"} 1', text)
            self.assertIn("memory is short", server.log.read_text())


def metrics(server: Server) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", server.operator_port, timeout=10)
    try:
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()
    finally:
        connection.close()


if __name__ == "__main__":
    unittest.main()
