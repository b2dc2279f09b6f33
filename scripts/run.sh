#!/usr/bin/env bash
# Starts the server that scripts/build.sh laid out. Arguments go to `lightbox serve`.
# Every path can be set beforehand; what is set here is where scripts/setup.sh and scripts/build.sh put things.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
source "$root/scripts/environment.sh" "$(dist_folder "${CONFIGURATION:-release}")"

lightbox=$dist/bin/lightbox
[[ -x $lightbox ]] || refuse "run: $lightbox is not there. Run 'make build' first."
say "starting Lightbox; it says its address when it is ready (Ctrl-C ends it)"
exec "$lightbox" serve "$@"
