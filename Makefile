# Lightbox: every task a person needs.
#
#   make run        install what is missing, build, serve http://127.0.0.1:8080
#   make test       install what is missing, build, run every test
#   make check      formatting, imports, documents against the code, licences
#   make build      build into .build-dist (CONFIGURATION=debug: into .build-dist-debug)
#   make package    make the Debian package in .build-dist/package, with all that it takes beside Debian's own
#   make deploy-test  test package, service, proxies, container, backups, and the commands in the documents
#   make journey    the browser tests alone
#   make model-check  hold the model against its hashes and golden pictures, test the tools for models;
#                   with IMAGES=folder LABELS=list.csv also measure it on those pictures (MODEL=name: another one)
#   make assistant  set up a small language model on this machine and serve it: 1.1 GB to download, 2 GB of memory
#   make bench      measure the way from a picture to its report (FILES="a.png b.dcm")
#   make bench-analyses  measure the queue beside the bare model and FastAPI; see bench/analyses.py
#   make bench-memory  watch memory over 1,000 analyses and reports, and draw docs/images/memory.svg
#   make bench-uploads  measure uploads beside FastAPI, Go and Node; see bench/uploads.py
#   make benchmarks  run every benchmark beside its peers, and write docs/benchmarks.md (half an hour; ONLY="requests report",
#                   QUICK=1: try some, or short ones, and write nothing)
#   make load       1, 4 and 16 clients go the whole way from consent to erasure; writes its part of docs/load.md
#   make load-streams  2,000 event streams with ten events a second, and how late they are; writes its part of docs/load.md
#   make soak       half an hour of it, and whether memory, descriptors and sockets stay flat; writes its part of docs/load.md
#   make faults     kill, fill, break and stop the real server in every way that docs/faults.md names, and write that file
#                   (an hour; FAULTS="--quick --only disk_full" does less, FAULTS=--list names all)
#   make fuzz       throw damaged input at what reads strangers' bytes, for FUZZ_SECONDS (60) each; fuzz-smoke: 5 seconds
#   make security   try the real server with schemathesis, sqlmap, wapiti and testssl.sh, on loopback; write its bill of materials
#   make format     format the Swift sources
#   make docs       write docs/configuration.md anew from the program's list of settings
#   make setup      install what building and running take
#   make clean      remove what was built; .venv and data/ stay
#
# CONFIGURATION=release|debug   how Swift compiles (run and build: release, tests: debug)
# ARGUMENTS="--http-port 9000"  passed on: to `lightbox serve` by make run, to bench/load by make load, load-streams and soak

CONFIGURATION ?= release
export CONFIGURATION
# One clock for every step of one command.
export STEPS_STARTED := $(shell date +%s)

.PHONY: help run test check build package deploy-test journey assistant bench bench-analyses bench-memory bench-uploads benchmarks load load-streams soak faults fuzz fuzz-smoke security format docs setup clean model-check
.DEFAULT_GOAL := help

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' $(firstword $(MAKEFILE_LIST))

run: build
	@exec scripts/run.sh $(ARGUMENTS)

build: setup
	@scripts/build.sh

setup:
	@scripts/setup.sh run

test:
	@scripts/test.sh

package: build
	@scripts/package.sh

deploy-test:
	@scripts/test.sh deploy

journey:
	@scripts/test.sh journeys

check:
	@scripts/check.sh

assistant:
	@scripts/assistant.sh

bench: build
	@DIST=.build-dist .venv/bin/python -B bench/latency.py $(FILES)

bench-analyses: build
	@DIST=.build-dist .venv/bin/python -B bench/analyses.py

bench-memory: build
	@DIST=.build-dist .venv/bin/python -B bench/memory.py --out docs/images/memory.svg

bench-uploads: build
	@python3 -B bench/uploads.py

load: build
	@DIST=.build-dist .venv/bin/python -B bench/load journeys $(ARGUMENTS)

load-streams: build
	@DIST=.build-dist .venv/bin/python -B bench/load streams $(ARGUMENTS)

soak: build
	@DIST=.build-dist .venv/bin/python -B bench/load soak $(ARGUMENTS)

model-check: build
	@scripts/model-check.sh

benchmarks: build
	@scripts/setup.sh bench
	@.venv-test/bin/python -B bench/benchmarks.py --programs .build-dist $(if $(ONLY),--only $(ONLY)) $(if $(QUICK),--quick)

faults: build
	@scripts/setup.sh test
	@DIST=.build-dist .venv-test/bin/python -B tests/faults/run.py --write $(FAULTS)

fuzz:
	@python3 -B fuzz/run.py

fuzz-smoke:
	@python3 -B fuzz/run.py --seconds 5

security:
	@scripts/security.sh $(PARTS)

format:
	@swift format --in-place --parallel --configuration .swift-format --recursive engine server fuzz

docs: build
	@.build-dist/bin/lightbox config --markdown >docs/configuration.md

clean:
	@rm -rf .build-dist .build-dist-debug .build-dist-tested .build-release .build-debug .build-fuzz test-results web/node_modules
	@echo "Removed what was built."
