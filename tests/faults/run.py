"""Causes each fault of promises.py on a real server, and writes what was seen to docs/faults.md.

    tests/faults/run.py [--quick] [--only NAME,...] [--seed N] [--kills N] [--uploads N] [--places N]
        [--write] [--document] [--list]

DIST names the folder of the programs, as for the other tests. Each result is kept in test-results/faults, so that a run
can be made in parts; --document makes the document from what is there. LIGHTBOX_FAULTS_LOCK may name a file that is
locked (shared) round by round, for machines on which something else is measured now and then.
Status 1 if a promise was not kept, 2 where one that was asked for can't be tried here.
"""

import argparse
import sys
import time
import traceback

import document
import namespaces
from rig import SCENARIOS, Extent

import scenarios  # noqa: F401  (registers them)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="less of each: fewer kills, fewer uploads, fewer places")
    parser.add_argument("--only", help="names of scenarios, separated by commas")
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--uploads", type=int, default=10_000)
    parser.add_argument("--places", type=int, default=0, help="of the calls at which a piece of work is killed, so many (0: all)")
    parser.add_argument("--write", action="store_true", help="write docs/faults.md afterwards")
    parser.add_argument("--document", action="store_true", help="only write docs/faults.md, from the results that are there")
    parser.add_argument("--list", action="store_true", help="name every scenario, and how it causes its fault")
    chosen = parser.parse_args()
    if chosen.list:
        for name, scenario in SCENARIOS.items():
            print(f"{name}: {scenario.caused}")
        return 0
    names = chosen.only.split(",") if chosen.only else list(SCENARIOS)
    if chosen.document:
        document.write()
        return 0
    unknown = [name for name in names if name not in SCENARIOS]
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; --list names all")
    namespaces.enter()
    extent = Extent(quick=chosen.quick, seed=chosen.seed, kills=chosen.kills, uploads=chosen.uploads, places=chosen.places)
    broken, untried = [], []
    for name in names:
        print(f"{name}: {SCENARIOS[name].caused}", flush=True)
        began = time.monotonic()
        try:
            seen, passed = SCENARIOS[name].run(extent), True
        except namespaces.NotHere as why:
            print(f"    not run: {why}", flush=True)
            document.keep(name, f"not run: {why}", False, 0, extent, tried=False)
            untried.append(name)
            continue
        except Exception as error:  # noqa: BLE001  (each of them is a promise that wasn't kept)
            traceback.print_exc()
            seen, passed = f"{type(error).__name__}: {str(error).splitlines()[0][:300] if str(error) else ''}", False
            broken.append(name)
        seconds = time.monotonic() - began
        print(f"    {'kept' if passed else 'NOT KEPT'} in {seconds:.1f} s: {seen}", flush=True)
        document.keep(name, seen, passed, seconds, extent)
    if chosen.write:
        document.write()
    if broken:
        print(f"not kept: {', '.join(broken)}", file=sys.stderr)
    return 1 if broken else 2 if untried else 0


if __name__ == "__main__":
    sys.exit(main())
