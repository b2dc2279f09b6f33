#!/usr/bin/env bash
# Lays out web/node_modules from Debian's packages where there is no npm.
#
#   web/scripts/prepare-modules.sh
#
# Copies React, its DOM renderer and their types, links resolved. Done again only when a package changed. A folder that
# npm made is left alone. LIGHTBOX_NODE_PACKAGES names another folder than /usr/share/nodejs.
set -euo pipefail

web=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source_folder=${LIGHTBOX_NODE_PACKAGES:-/usr/share/nodejs}
modules=$web/node_modules
needed=(react react-dom scheduler loose-envify js-tokens @types/react @types/react-dom @types/scheduler)
# Only types refer to these; without them a few types are wider.
wanted=(csstype @types/prop-types)

if [[ -e $modules/.package-lock.json ]]; then
    echo "web: node_modules was made by npm and is left as it is"
    exit 0
fi

missing=()
for name in "${needed[@]}"; do
    if [[ ! -e $source_folder/$name/package.json ]]; then missing+=("$name"); fi
done
if ((${#missing[@]})); then
    echo "web: $source_folder lacks ${missing[*]}. Install node-react and node-react-dom, or run 'npm install' in web/." >&2
    exit 1
fi

present=()
for name in "${needed[@]}" "${wanted[@]}"; do
    if [[ -e $source_folder/$name/package.json ]]; then present+=("$name"); fi
done
print=$(cd "$source_folder" && for name in "${present[@]}"; do sha256sum "$name/package.json"; done)
if [[ -e $modules/.from-debian && $(<"$modules/.from-debian") == "$print" ]]; then exit 0; fi

# Made beside and renamed, so that a broken-off copy is never taken for a whole one.
fresh=$web/node_modules.new
rm -rf "$fresh"
for name in "${present[@]}"; do
    mkdir -p "$fresh/$(dirname "$name")"
    cp -RL "$source_folder/$name" "$fresh/$name"
done
printf '%s\n' "$print" >"$fresh/.from-debian"
rm -rf "$modules"
mv "$fresh" "$modules"
echo "web: node_modules laid out from $source_folder: ${present[*]}"
