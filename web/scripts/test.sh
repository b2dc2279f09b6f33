#!/usr/bin/env bash
# Checks the types and runs the component tests.
#
#   web/scripts/test.sh [WORD]    only test files whose path has WORD in it
#
# Each src/**/*.test.ts(x) and tests/*.test.ts is bundled for Node and run by Node's own test runner, with jsdom for the
# page.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/tools.sh"

bash "$web/scripts/prepare-modules.sh"
need node esbuild tsc
check_types

bundles=$(mktemp -d)
trap 'rm -rf "$bundles"' EXIT
cd "$web"
mapfile -t tests < <(find src tests -name '*.test.ts' -o -name '*.test.tsx' | grep -- "${1:-}" | sort)
if ((${#tests[@]} == 0)); then
    echo "web: no test file has '${1:-}' in its path" >&2
    exit 1
fi
# One bundle each: a test file gets a page of its own.
esbuild "${tests[@]}" --bundle --platform=node --format=cjs --jsx=automatic --external:jsdom --sourcemap=inline \
    --define:process.env.NODE_ENV='"test"' --log-level=warning --outbase=. --outdir="$bundles" --out-extension:.js=.cjs
mapfile -t files < <(find "$bundles" -name '*.cjs' | sort)
NODE_PATH=$web/node_modules:/usr/share/nodejs NODE_OPTIONS=--enable-source-maps node --test --test-timeout=120000 "${files[@]}"
