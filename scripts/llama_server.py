"""Serves a model in a GGUF file with llama.cpp on loopback, by the PyPI package xllamacpp. Ends on SIGTERM or Ctrl-C.

    python scripts/llama_server.py FILE --port 8081 [--name NAME] [--context 4096] [--slots 1]

Prints the address when the model is loaded, one line. Nothing that is asked or answered is printed.
"""

import argparse
import signal
import sys
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="the model, a GGUF file")
    parser.add_argument("--port", type=int, default=8081, help="0: one that is free")
    parser.add_argument("--name", help="what the server calls the model")
    parser.add_argument("--context", type=int, default=4096, help="tokens of a prompt and its answer, for each slot")
    parser.add_argument("--slots", type=int, default=1, help="answers at a time")
    arguments = parser.parse_args()
    if not arguments.file.is_file():
        parser.error(f"there is no file {arguments.file}")

    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(arguments.file)
    parameters.model_alias = {arguments.name or arguments.file.stem}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = arguments.port
    parameters.n_ctx = arguments.context * arguments.slots
    parameters.n_parallel = arguments.slots
    # A page in somebody's browser has no business here.
    parameters.cors_origins = ""
    parameters.ui = False
    parameters.endpoint_slots = False
    # Prompts stay out of what is kept beside the slots.
    parameters.cache_ram_mib = 0
    parameters.offline = True
    parameters.verbosity = 1

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    del server
    return 0


if __name__ == "__main__":
    sys.exit(main())
