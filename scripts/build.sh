#!/usr/bin/env bash
# Builds everything and lays it out as it is installed:
#
#   .build-dist/bin/lightbox, lightbox-worker
#   .build-dist/share/lightbox/{web,operators,models,docs}
#
# CONFIGURATION (release or debug, default release) says how Swift compiles. A debug build goes to
# .build-dist-debug, so that the tests never touch the program that someone is using; LAYOUT names another folder. The engine, the
# server and the page are built side by side, and a part whose sources have not changed is not built at all.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

configuration=${CONFIGURATION:-release}
case $configuration in
release | debug) ;;
*) refuse "build: CONFIGURATION is 'release' or 'debug', not '$configuration'." ;;
esac
# Two compilers at once on two cores: each package may use every core, and the system shares them out.
jobs=${JOBS:-$(nproc)}
intermediate=$root/.build-$configuration
dist=${LAYOUT:-$(dist_folder "$configuration")}
stamps=$dist/stamps
mkdir -p "$intermediate" "$stamps" "$dist/bin" "$dist/share/lightbox"

exec 8>"$dist/build.lock"
if ! flock --nonblock 8; then
    say "build: another build is at work; waiting for it"
    flock 8
fi

# Swift's own libraries become part of what people run where the toolchain has them for that: calls into them cost less.
libraries=()
whole=$(swiftc -static-stdlib -print-target-info 2>/dev/null | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p' || true)
if [[ $configuration == release && -d $whole/linux ]]; then libraries=(--static-swift-stdlib); fi

build_product() {
    local package=$1 product=$2
    swift build --package-path "$root/$package" --scratch-path "$intermediate/$package" \
        --configuration "$configuration" --product "$product" --jobs "$jobs" "${libraries[@]}"
    # Renamed into place, so that a program that runs keeps the file that it was started from.
    install -m 755 "$intermediate/$package/$configuration/$product" "$dist/bin/$product.new"
    mv -f "$dist/bin/$product.new" "$dist/bin/$product"
}

# Puts the folder NEW where the folder OLD was.
replace_folder() {
    rm -rf "$2.old"
    if [[ -e $2 ]]; then mv "$2" "$2.old"; fi
    mv "$1" "$2"
    rm -rf "$2.old"
}

build_page() {
    local out=$dist/share/lightbox/web
    rm -rf "$out.new"
    mkdir -p "$out.new"
    bash "$root/web/scripts/build.sh" "$out.new"
    local operators=$dist/share/lightbox/operators
    rm -rf "$operators.new"
    bash "$root/web/scripts/build-operators.sh" "$operators.new"
    replace_folder "$out.new" "$out"
    replace_folder "$operators.new" "$operators"
}

# The model packages without the programs and tables that they were trained with, and the pages that the server shows.
lay_out_data() {
    local share=$dist/share/lightbox
    rm -rf "$share/models.new" "$share/docs.new"
    mkdir -p "$share/models.new" "$share/docs.new"
    tar -C "$root/models" --exclude=training -cf - . | tar -C "$share/models.new" -xf -
    find "$root/docs" -maxdepth 1 -name '*.md' -exec cp -t "$share/docs.new" {} +
    cp "$root/server/openapi.yaml" "$share/docs.new"
    replace_folder "$share/models.new" "$share/models"
    replace_folder "$share/docs.new" "$share/docs"
}

started=()
# Starts a part unless RESULT is there and was made from the same files in the same way.
build() {
    local name=$1 text=$2 result=$3 sources=$4
    shift 4
    local print
    # shellcheck disable=SC2086  # a list of paths
    print="$configuration ${libraries[*]} $toolchain $(cd "$root" && fingerprint $sources)"
    if [[ -e $result ]] && unchanged "$stamps/$name" "$print"; then
        say "$name: nothing has changed"
        return
    fi
    rm -f "$stamps/$name"
    prints[$name]=$print
    started+=("$name")
    part "$name" "$text" "$@"
}
declare -A prints=()
toolchain=$(swift --version 2>/dev/null | sed -n 1p)

build server "compiling the server ($configuration)" "$dist/bin/lightbox" \
    "server/Package.swift server/Sources engine/Package.swift engine/Sources" build_product server lightbox
build engine "compiling the worker ($configuration)" "$dist/bin/lightbox-worker" \
    "engine/Package.swift engine/Sources" build_product engine lightbox-worker
build page "bundling the pages" "$dist/share/lightbox/web" "web" build_page
build data "laying out models and documents" "$dist/share/lightbox/models" "models docs server/openapi.yaml" lay_out_data

# One that fails doesn't throw away what the others finish.
result=0
if ((${#started[@]})); then await "${started[@]}" || result=1; fi
for name in "${started[@]}"; do
    if [[ " ${failed_parts[*]} " != *" $name "* ]]; then printf '%s\n' "${prints[$name]}" >"$stamps/$name"; fi
done
if ((result)); then refuse "build: failed: ${failed_parts[*]}"; fi
say "build: ${dist#"$root"/} is up to date ($configuration)"
