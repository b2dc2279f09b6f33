#!/usr/bin/env bash
# Checks the types and bundles the page.
#
#   web/scripts/build.sh OUTDIR
#
# OUTDIR gets index.html, manifest.webmanifest, icon.svg, vocabularies/ and assets/ with content hashes in the names.
# Fails when the bundle grows over its budget. LIGHTBOX_WEB_SKIP_TYPES=1 leaves the type check to scripts/test.sh.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/tools.sh"

# Bytes after gzip, as they would travel. A page loads all of the script, one language at most beside English, and each
# late part when it is wanted, with what late parts have in common.
script_budget=104000
late_budget=14000
language_budget=22000
style_budget=14000

out=${1:?"web/scripts/build.sh: name the folder to build into"}
mkdir -p "$out"
out=$(cd "$out" && pwd)

bash "$web/scripts/prepare-modules.sh"
need node esbuild tsc
if [[ ${LIGHTBOX_WEB_SKIP_TYPES:-} != 1 ]]; then check_types; fi

rm -rf "$out/assets" "$out/vocabularies"
metafile=$(mktemp)
trap 'rm -f "$metafile"' EXIT
(cd "$web" && esbuild src/app/main.tsx --bundle --splitting --format=esm --minify --jsx=automatic --target=es2020 \
    --charset=utf8 --define:process.env.NODE_ENV='"production"' --legal-comments=linked --log-level=warning \
    --entry-names='[name]-[hash]' --chunk-names='[name]-[hash]' --asset-names='[name]-[hash]' --outdir="$out/assets" --metafile="$metafile")
mapfile -t first < <(node "$web/scripts/first-scripts.mjs" "$metafile")

find "$out/assets" -empty -delete
cd "$out"
script=$(echo assets/main-*.js)
style=$(echo assets/main-*.css)
# A language is a file of its own, named for its code (de, pt-BR), that is loaded when it is wanted.
mapfile -t languages < <(cd "$web/src/shared/texts" && printf '%s\n' *.ts | grep -E '^[a-z]{2,3}(-[A-Za-z]+)?\.ts$' | grep -vx en.ts)
# Parts of the page that are loaded late, named for their files: the picture step, the viewer, the assistant, the report;
# and the texts of late parts, for each language.
mapfile -t late_texts < <(cd "$web/src/shared/texts" && printf '%s\n' late.ts late.*.ts | grep -vx late.en.ts | sed 's/\.ts$//')
late=(PictureStep FilmDesk AssistantStep ReportStep "${late_texts[@]}")
scripts=()
language_files=()
late_files=()
shared_files=()
for file in assets/*.js; do
    name=${file#assets/}
    if printf '%s\n' "${languages[@]}" | grep -qx -- "${name%-*}.ts"; then language_files+=("$file")
    elif printf '%s\n' "${late[@]}" | grep -qx -- "${name%-*}"; then late_files+=("$file")
    elif printf '%s\n' "${first[@]}" | grep -qx -- "$name"; then scripts+=("$file")
    else shared_files+=("$file")
    fi
done
preload=
for file in "${scripts[@]}"; do
    if [[ $file != "$script" ]]; then preload+="<link rel=\"modulepreload\" href=\"/$file\" />"; fi
done
cp -R "$web/public/icon.svg" "$web/public/manifest.webmanifest" "$web/public/vocabularies" .
sed -e "s|{script}|/$script|" -e "s|{style}|/$style|" -e "s|{preload}|$preload|" "$web/public/index.html" >index.html

within_budget() {
    local name=$1 budget=$2 file size=0 plain=0
    shift 2
    for file; do
        size=$((size + $(gzip -9 -c "$file" | wc -c)))
        plain=$((plain + $(wc -c <"$file")))
    done
    if ((size > budget)); then
        echo "web: the $name is $size bytes after gzip, over its budget of $budget. Make it smaller, or raise the budget and say why." >&2
        exit 1
    fi
    echo "web: $name $plain bytes, $size after gzip (budget $budget)"
}
within_budget script "$script_budget" "${scripts[@]}"
if ((${#language_files[@]} != ${#languages[@]})); then
    echo "web: ${languages[*]} should each be a file of its own, but there are ${language_files[*]:-none}" >&2
    exit 1
fi
for file in "${language_files[@]}"; do within_budget "language ${file#assets/}" "$language_budget" "$file"; done
if ((${#late_files[@]} != ${#late[@]})); then
    echo "web: ${late[*]} should each be a file of its own, but there are ${late_files[*]:-none}" >&2
    exit 1
fi
for file in "${late_files[@]}"; do within_budget "late part ${file#assets/}" "$late_budget" "$file"; done
within_budget "script that late parts share" "$late_budget" "${shared_files[@]}"
within_budget "style sheet" "$style_budget" "$style"
