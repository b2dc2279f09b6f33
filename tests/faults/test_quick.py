"""The faults that `make test` causes each time: those of `make faults` that take seconds, on fewer places."""

import unittest

import namespaces
import scenarios  # noqa: F401  (registers them)
from rig import SCENARIOS, Extent


class Quick(unittest.TestCase):
    def cause(self, name: str) -> None:
        try:
            print(f"\n    {SCENARIOS[name].run(Extent(quick=True))}")
        except namespaces.NotHere as why:
            self.skipTest(str(why))

    def test_an_upload_killed_at_a_call(self):
        self.cause("upload_killed_at_each_call")

    def test_a_part_killed_at_a_call(self):
        self.cause("upload_in_parts_killed_at_each_call")

    def test_nothing_is_answered_before_it_is_synced(self):
        self.cause("nothing_is_answered_before_it_is_synced")

    def test_a_disk_that_reports_errors(self):
        self.cause("database_errors")

    def test_a_full_disk(self):
        self.cause("disk_full")


if __name__ == "__main__":
    namespaces.enter()
    unittest.main()
