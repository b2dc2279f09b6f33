#!/usr/bin/env bash
# Bundles the operators' page.
#
#   web/scripts/build-operators.sh OUTDIR
#
# OUTDIR gets index.html, icon.svg and assets/ with content hashes in the names. The types are checked by build.sh.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/tools.sh"

out=${1:?"web/scripts/build-operators.sh: name the folder to build into"}
mkdir -p "$out"
out=$(cd "$out" && pwd)

bash "$web/scripts/prepare-modules.sh"
need node esbuild
rm -rf "$out/assets"
(cd "$web" && esbuild src/operators/main.tsx --bundle --format=esm --minify --jsx=automatic --target=es2020 \
    --charset=utf8 --define:process.env.NODE_ENV='"production"' --legal-comments=linked --log-level=warning \
    --entry-names='[name]-[hash]' --outdir="$out/assets")
cd "$out"
cp "$web/public/icon.svg" .
sed -e "s|{script}|/$(echo assets/main-*.js)|" -e "s|{style}|/$(echo assets/main-*.css)|" "$web/public/operators.html" >index.html
echo "web: operators' page $(gzip -9 -c assets/main-*.js | wc -c) bytes of script after gzip"
