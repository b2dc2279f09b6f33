"""Puts a real server under load, and writes what came of it to docs/load.md.

    bench/load journeys [--clients 1,4,16] [--seconds 60]      whole journeys, from consent to erasure
    bench/load streams [--streams 2000] [--rate 10]            event streams, and how late events are
    bench/load soak [--clients 2] [--seconds 1800] [--think 4] whether what the server holds stays flat

All take --programs FOLDER (laid out by scripts/build.sh), --picture FILE, --set NAME=VALUE for settings of the server, and
--folder FOLDER in which load.md and its images are written.
"""

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench/load"), str(ROOT / "bench"), str(ROOT / "tests/journeys")]


def numbers(text: str) -> list[int]:
    return [int(word) for word in text.split(",")]


def setting(text: str) -> tuple[str, str]:
    """`queue.length=5000` as the environment has it."""
    name, _, value = text.partition("=")
    return "LIGHTBOX_" + name.upper().replace(".", "_").replace("-", "_"), value


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--programs", type=Path)
    common.add_argument("--picture", type=Path, help="default: the sample film")
    common.add_argument("--folder", type=Path, default=ROOT / "docs")
    common.add_argument("--set", type=setting, action="append", default=[], dest="settings")
    one = kinds.add_parser("journeys", parents=[common])
    one.add_argument("--clients", type=numbers, default=[1, 4, 16])
    one.add_argument("--seconds", type=float, default=60)
    two = kinds.add_parser("streams", parents=[common])
    two.add_argument("--streams", type=numbers, default=[2000])
    two.add_argument("--rate", type=float, default=10, help="events a second on each stream")
    two.add_argument("--seconds", type=float, default=30)
    three = kinds.add_parser("soak", parents=[common])
    three.add_argument("--clients", type=int, default=2)
    three.add_argument("--seconds", type=float, default=1800)
    three.add_argument("--think", type=float, default=4, help="seconds of rest after each journey")
    three.add_argument("--every", type=float, default=5, help="seconds between samples")
    options = parser.parse_args()
    if options.programs:
        os.environ["DIST"] = str(options.programs)
    from server import sample_film

    picture = options.picture or sample_film()
    settings = dict(options.settings)
    if options.kind == "journeys":
        import journeys

        return journeys.main(options.clients, options.seconds, picture, options.folder, settings)
    if options.kind == "streams":
        import streams

        return streams.main(options.streams, options.rate, options.seconds, options.folder, settings)
    import soak

    return soak.main(options.clients, options.seconds, options.think, options.every, picture, options.folder, settings)


if __name__ == "__main__":
    sys.exit(main())
