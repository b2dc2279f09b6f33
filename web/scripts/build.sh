#!/usr/bin/env bash
# Checks the types and bundles the page.
#
#   web/scripts/build.sh OUTDIR
#
# OUTDIR gets index.html, manifest.webmanifest, icon.svg and assets/ with content hashes in the names. Fails when the
# bundle grows over its budget. LIGHTBOX_WEB_SKIP_TYPES=1 leaves the type check to scripts/test.sh.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/tools.sh"

# Bytes after gzip, as they would travel.
script_budget=100000
style_budget=14000

out=${1:?"web/scripts/build.sh: name the folder to build into"}
mkdir -p "$out"
out=$(cd "$out" && pwd)

bash "$web/scripts/prepare-modules.sh"
need node esbuild tsc
if [[ ${LIGHTBOX_WEB_SKIP_TYPES:-} != 1 ]]; then check_types; fi

rm -rf "$out/assets"
(cd "$web" && esbuild src/app/main.tsx --bundle --minify --jsx=automatic --target=es2020 --charset=utf8 \
    --define:process.env.NODE_ENV='"production"' --legal-comments=linked --log-level=warning \
    --entry-names='[name]-[hash]' --asset-names='[name]-[hash]' --outdir="$out/assets")

find "$out/assets" -empty -delete
script=$(cd "$out" && echo assets/main-*.js)
style=$(cd "$out" && echo assets/main-*.css)
cp "$web/public/icon.svg" "$web/public/manifest.webmanifest" "$out/"
sed -e "s|{script}|/$script|" -e "s|{style}|/$style|" "$web/public/index.html" >"$out/index.html"

within_budget() {
    local name=$1 file=$2 budget=$3 size
    size=$(gzip -9 -c "$out/$file" | wc -c)
    if ((size > budget)); then
        echo "web: the $name is $size bytes after gzip, over its budget of $budget. Make it smaller, or raise the budget and say why." >&2
        exit 1
    fi
    echo "web: $name $(wc -c <"$out/$file") bytes, $size after gzip (budget $budget)"
}
within_budget script "$script" "$script_budget"
within_budget "style sheet" "$style" "$style_budget"
