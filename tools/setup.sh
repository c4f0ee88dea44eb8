#!/usr/bin/env bash
# Makes .venv of this checkout: the pinned environment of requirements.txt and the package itself, editable.
# PYTHON names an interpreter to use instead of the first suitable one (3.11 or newer).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

suitable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    local name
    for name in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11; do
        if suitable "$name"; then echo "$name"; return; fi
    done
    echo "setup: Python 3.11 or newer is needed; name one with: make setup PYTHON=/path/to/python3" >&2
    return 1
}

# Debian and Ubuntu ship Python without the part that fills a virtual environment.
ensure_venv_module() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    local package
    package="$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y "$package" >/dev/null
    elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then
        sudo -n apt-get update -qq && sudo -n apt-get install -y "$package" >/dev/null
    else
        echo "setup: Python's venv module is missing; run: sudo apt-get install $package" >&2
        return 1
    fi
}

tools/system_packages.sh
# A .venv that was half made, or whose interpreter is gone, is made again.
if ! { suitable .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
    python="$(find_python)"
    ensure_venv_module "$python"
    "$python" -m venv --clear .venv
fi
echo "setup: installing the pinned packages into .venv (a minute the first time)"
# Compiled now, ours too: the sandbox sees them read-only, and would compile what it imports each time.
tools/install.sh --no-deps -r requirements.txt
# Some packages carry files for other Pythons.
.venv/bin/python -m compileall -q -j 0 .venv/lib grader solutions week*/ >/dev/null || true
# The build tools are among the pins, so nothing unpinned is fetched here.
tools/install.sh --no-deps --no-build-isolation -e .
echo "setup: done"
