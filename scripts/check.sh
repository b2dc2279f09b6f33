#!/usr/bin/env bash
# Checks what can be checked without running the program: formatting, imports, documents against the code, licences.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

part format "Swift formatting" \
    swift format lint --strict --parallel --configuration "$root/.swift-format" --recursive \
    "$root/engine" "$root/server" "$root/fuzz"
part architecture "imports, documents, error codes, licences" \
    "${PYTHON:-python3}" -B -m unittest discover --start-directory "$root/tests/architecture"
part shell "shell scripts" bash -c 'for script; do bash -n "$script" || exit; done' _ "$root"/scripts/*.sh "$root/.ci/run"
part scripts "the scripts on machines that lack something" \
    "${PYTHON:-python3}" -B -m unittest discover --start-directory "$root/tests/scripts"
await format architecture shell scripts || refuse "check: failed: ${failed_parts[*]}"
say "check: in order"
