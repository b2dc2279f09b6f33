# Sourced by the other scripts: where the tools are. npm's come before the system's.
web=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PATH=$web/node_modules/.bin:$PATH

need() {
    local tool
    for tool; do
        if ! command -v "$tool" >/dev/null; then
            echo "web: $tool is missing. Install Debian's nodejs, esbuild, node-typescript and node-jsdom, or run 'npm install' in web/." >&2
            exit 1
        fi
    done
}

check_types() {
    (cd "$web" && tsc --noEmit --project tsconfig.json)
}
