#!/usr/bin/env bash
# Runs every test, or only the parts that are named: check engine server web fuzz api faults deploy journeys.
#
# Tests of single parts are compiled for debugging. All others go through what people run, compiled for speed (into
# .build-dist-tested, so that the program that someone is using is left alone): compilers err too, and every report once ended a
# program whose debug build passed all tests. What doesn't disturb each other is done side by side. The output of
# each part is in .build-dist/logs; the end of a failed one is shown. Status 0 if everything passed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

wanted=${*:-check engine server web fuzz api faults deploy journeys}
for name in $wanted; do
    [[ " check engine server web fuzz api faults deploy journeys " == *" $name "* ]] || refuse "test: there is no part '$name'."
done
wants() { [[ " $wanted " == *" $1 "* ]]; }

"$root/scripts/setup.sh" test

intermediate=$root/.build-debug
export DIST=$root/.build-dist-tested
source "$root/scripts/environment.sh" "$DIST"
mkdir -p "$root/test-results"

swift_package() {
    local action=$1 package=$2
    shift 2
    swift "$action" --package-path "$root/$package" --scratch-path "$intermediate/$package" "$@"
}

web_tests() {
    bash "$root/web/scripts/test.sh"
}

# Those of the language models' client speak with a real llama.cpp server, too.
server_tests() {
    "$root/.venv-test/bin/python" -B "$root/tests/support/llama_server.py" \
        swift test --package-path "$root/server" --scratch-path "$intermediate/server" --skip-build --disable-xctest
}

# Two modules at once: they wait for servers more than they compute.
api() {
    "$root/.venv-test/bin/python" -B "$root/tests/support/side_by_side.py" "$root/tests/api"
}

faults() {
    local module status=0
    for module in quick rare; do
        "$root/.venv-test/bin/python" -B "$root/tests/faults/test_$module.py" --verbose || status=1
    done
    return $status
}

deploy() {
    "$root/.venv-test/bin/python" -B -m unittest discover --verbose --start-directory "$root/tests/deploy"
}

journeys() {
    "$root/.venv-test/bin/python" -B -m unittest discover --verbose --start-directory "$root/tests/journeys"
}

passed=()
failed=()
# Waits for parts and books them; those that the given parts need are started only when they passed.
finish() {
    failed_parts=()
    await "$@" || true
    local name
    for name in "$@"; do
        if [[ " ${failed_parts[*]} " == *" $name "* ]]; then failed+=("$name"); else passed+=("$name"); fi
    done
}
has_passed() {
    local name
    for name in "$@"; do
        [[ " ${passed[*]} " == *" $name "* ]] || return 1
    done
}

# First everything is compiled. What needs no build of the server runs meanwhile.
first=()
if wants check; then
    part check "formatting, imports, documents, licences" "$root/scripts/check.sh"
    first+=(check)
fi
if wants engine; then
    part engine-build "compiling the engine and its tests" swift_package build engine --build-tests
    first+=(engine-build)
fi
if wants server; then
    part server-build "compiling the server and its tests" swift_package build server --build-tests
    first+=(server-build)
fi
if wants web; then
    part web-tests "type check and component tests" web_tests
    first+=(web-tests)
fi
# The programs that the server's tests, those of the API and the journeys start.
if wants server || wants api || wants faults || wants deploy || wants journeys; then
    CONFIGURATION=release LAYOUT=$DIST part build "compiling and laying out what people run" "$root/scripts/build.sh"
    first+=(build)
fi
if ((${#first[@]})); then finish "${first[@]}"; fi

second=()
if has_passed engine-build; then
    part engine-tests "engine" swift_package test engine --skip-build --disable-xctest
    second+=(engine-tests)
fi
if has_passed server-build build; then
    part server-tests "server" server_tests
    second+=(server-tests)
fi
if ((${#second[@]})); then finish "${second[@]}"; fi

# A few seconds for each target: that they build, and that nothing falls over at once. "make fuzz" goes deeper.
if wants fuzz; then
    part fuzz "damaged input, for a few seconds a target" make --no-print-directory -C "$root" fuzz-smoke
    finish fuzz
fi

if wants api && has_passed build; then
    part api "the API, its faults, the command line" api
    finish api
fi

if wants faults && has_passed build; then
    part faults "kills at chosen calls, disks that are full or break" faults
    finish faults
fi

if wants deploy && has_passed build; then
    part deploy "the package, the unit, proxies, backups, the commands in the documents" deploy
    finish deploy
fi

# Alone: what a browser waits for should not depend on what else the machine does.
if wants journeys && has_passed build; then
    part journeys "the browser" journeys
    finish journeys
fi

# The sum of the numbers that the patterns find in a log, 0 for a log that isn't there.
sum_in() {
    local log=$logs/$1.log
    shift
    if [[ ! -f $log ]]; then echo 0; else sed -n "$@" "$log" | awk '{ sum += $1 } END { print sum + 0 }'; fi
}

# How many tests a log speaks of: Swift Testing's, node's and unittest's closing lines.
count() {
    sum_in "$1" -e 's/.*Test run with \([0-9]*\) tests\{0,1\} .*/\1/p' -e 's/^[#ℹ] tests \([0-9]*\)$/\1/p' \
        -e 's/^Ran \([0-9]*\) tests\{0,1\} .*/\1/p'
}

count_failed() {
    local named summed
    named=$(grep -cE '^✘ Test ("|[[:alnum:]_]+\().* failed after|^(FAIL|ERROR): ' "$logs/$1.log" || true)
    summed=$(sum_in "$1" -e 's/^[#ℹ] fail \([0-9]*\)$/\1/p')
    echo $((named > summed ? named : summed))
}

total=0
broken=0
echo
say "summary"
for name in "${passed[@]}"; do
    tests=$(count "$name")
    if [[ $name == check ]]; then tests=$(($(count architecture) + $(count scripts))); fi
    total=$((total + tests))
    printf '    %-14s passed  %s\n' "$name" "$( ((tests)) && echo "$tests tests")"
done
for name in "${failed[@]}"; do
    tests=$(count "$name")
    bad=$(count_failed "$name")
    if ((bad == 0)); then bad=1; fi
    if ((tests > bad)); then total=$((total + tests - bad)); fi
    broken=$((broken + bad))
    printf '    %-14s FAILED  .build-dist/logs/%s.log\n' "$name" "$name"
    grep -E '^✘ Test .* (failed|recorded)|^(FAIL|ERROR): |error: |^not ok ' "$logs/$name.log" | head -n 20 | sed 's/^/        /' || true
done
for name in $wanted; do
    case $name in
    engine) has_passed engine-build || printf '    %-14s not run: it did not compile\n' engine-tests ;;
    server) has_passed server-build build || printf '    %-14s not run: it did not compile\n' server-tests ;;
    api) has_passed build || printf '    %-14s not run: there is no program\n' api ;;
    faults) has_passed build || printf '    %-14s not run: there is no program\n' faults ;;
    deploy) has_passed build || printf '    %-14s not run: there is no program\n' deploy ;;
    journeys) has_passed build || printf '    %-14s not run: there is no program\n' journeys ;;
    esac
done
echo "$total passed, $broken failed"
((broken == 0))
