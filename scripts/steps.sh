# Sourced by the other scripts: one line for each step, with the time since the start, and parts that run
# side by side, each with a log of its own.
#
#   say TEXT                        a line with the time
#   refuse TEXT                     the same on standard error, then exit 1
#   part NAME TEXT COMMAND...       starts COMMAND in the background; its output goes to $logs/NAME.log
#   await NAME...                   waits, reports each part as it ends; status 1 if one of them failed
#   fingerprint PATH...             one line that changes when a file under PATH does
#   dist_folder CONFIGURATION       where a build is laid out
#   unchanged STAMP FINGERPRINT     whether STAMP holds FINGERPRINT

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
state=$root/.build-dist
logs=$state/logs
mkdir -p "$logs"

: "${STEPS_STARTED:=$(date +%s)}"
export STEPS_STARTED

say() {
    printf '[%4d s] %s\n' $(($(date +%s) - STEPS_STARTED)) "$*"
}

refuse() {
    say "$*" >&2
    exit 1
}

declare -A part_process=() part_started=() part_text=()
failed_parts=()

part() {
    local name=$1 text=$2
    shift 2
    part_text[$name]=$text
    part_started[$name]=$(date +%s)
    say "$name: $text"
    "$@" >"$logs/$name.log" 2>&1 </dev/null &
    part_process[$name]=$!
}

# Every 20 seconds of silence, the last line of each log that is still being written.
pulse() {
    local name line
    for name in "$@"; do
        if [[ -n ${part_process[$name]:-} ]]; then
            line=$(tail -n 1 "$logs/$name.log" 2>/dev/null | tr '\r' '\n' | tail -n 1 | cut -c 1-90 || true)
            if [[ -n $line ]]; then say "$name: … $line"; fi
        fi
    done
}

await() {
    local name waiting status result=0 last_word=$SECONDS
    while :; do
        waiting=0
        for name in "$@"; do
            [[ -n ${part_process[$name]:-} ]] || continue
            if kill -0 "${part_process[$name]}" 2>/dev/null; then
                waiting=1
                continue
            fi
            status=0
            wait "${part_process[$name]}" || status=$?
            unset "part_process[$name]"
            last_word=$SECONDS
            if ((status == 0)); then
                say "$name: done in $(($(date +%s) - part_started[$name])) s"
            else
                result=1
                failed_parts+=("$name")
                say "$name: failed (status $status). The end of ${logs#"$root"/}/$name.log:"
                tail -n "${LOG_LINES:-40}" "$logs/$name.log" | sed -e 's/^/    /' -e '$a\'
            fi
        done
        ((waiting)) || return $result
        if ((SECONDS - last_word >= 20)); then
            pulse "$@"
            last_word=$SECONDS
        fi
        sleep 0.2
    done
}

# Whatever ends this script ends the parts too, with everything that they started.
stop_parts() {
    local process
    for process in "${part_process[@]}"; do
        end_family "$process"
    done
}

end_family() {
    local child
    for child in $(ps -o pid= --ppid "$1" 2>/dev/null); do
        end_family "$child"
    done
    kill "$1" 2>/dev/null || true
}
# A script that ends early says where.
set -o errtrace
trap 'say "${0##*/}: line $LINENO ended with status $?" >&2' ERR
trap stop_parts EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Where a build of CONFIGURATION is laid out.
dist_folder() {
    if [[ $1 == release ]]; then echo "$root/.build-dist"; else echo "$root/.build-dist-$1"; fi
}

fingerprint() {
    {
        find "$@" \( -name '.build*' -o -name node_modules -o -name __pycache__ \) -prune \
            -o -type f -printf '%p %s %T@\n' 2>/dev/null || true
    } | LC_ALL=C sort | sha256sum | cut -d ' ' -f 1
}

unchanged() {
    [[ -f $1 && $(<"$1") == "$2" ]]
}
