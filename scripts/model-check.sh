#!/usr/bin/env bash
# Holds a model package against its own hashes and golden pictures, measures it on labelled pictures where some are
# named, and tests the tools that turn other networks into packages.
#
#   MODEL=chest-xray IMAGES=folder LABELS=list.csv scripts/model-check.sh
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

model=${MODEL:-chest-xray}
lightbox=$(dist_folder "${CONFIGURATION:-release}")/bin/lightbox
if [[ -n ${IMAGES:-} && -z ${LABELS:-} || -z ${IMAGES:-} && -n ${LABELS:-} ]]; then
    refuse "model-check: IMAGES and LABELS go together."
fi

say "model-check: hashes and golden pictures of $model"
"$lightbox" models verify "$model"

if [[ -n ${IMAGES:-} ]]; then
    say "model-check: measuring $model on the pictures of $LABELS"
    "$lightbox" evaluate --model "$model" --images "$IMAGES" --labels "$LABELS"
fi

"$root/scripts/setup.sh" model
tools() {
    cd "$root/tools/torchxrayvision"
    DIST=$(dirname "$(dirname "$lightbox")") "$root/.venv-model/bin/python" -B -W ignore -m unittest --verbose test_convert
}
part tools "the tools for other networks" tools
await tools || refuse "model-check: the tools' tests failed"
say "model-check: passed"
