#!/usr/bin/env bash
# Tries the security of the real server, on loopback and within bounds, or only the parts that are named:
# schemathesis tls sqlmap wapiti sbom. Reports go to test-results/security. Status 0 if nothing was found.
#
# SECONDS_EACH (600) bounds each part; EXAMPLES (40) says how many inputs schemathesis makes for each operation.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

"$root/scripts/setup.sh" security
CONFIGURATION=debug "$root/scripts/build.sh"
source "$root/scripts/environment.sh" "$(dist_folder debug)"
exec "$root/.venv-security/bin/python" -B "$root/tests/security/run.py" "$@"
