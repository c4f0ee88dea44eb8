#!/usr/bin/env bash
# install.sh ARGUMENTS: `pip install ARGUMENTS` into .venv. uv does it, in seconds where pip takes minutes; where uv cannot
# be had or fails, as with settings that only pip knows, pip does the same work.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

pip() { .venv/bin/python -m pip --quiet --disable-pip-version-check "$@"; }

# A setting of pip's, the environment's before a file's; uv does not read them.
setting() { pip config list | sed -nE "s/^[^=]*\.$1='(.*)'\$/\1/p" | sed 's/\\n/ /g' | head -n 1; }

with_uv() {
    pip install "$(grep -oE '^uv==[^ ]+' requirements.txt)" || return
    local index more links
    index="$(setting index-url)" more="$(setting extra-index-url)" links="$(setting find-links)"
    # pip takes the best version of all indexes, and so does uv when it is told.
    env UV_INDEX_STRATEGY=unsafe-best-match ${index:+"UV_DEFAULT_INDEX=$index"} ${more:+"UV_INDEX=$more"} \
        ${links:+"UV_FIND_LINKS=${links// /,}"} .venv/bin/uv pip install --quiet --python .venv/bin/python "$@"
}

with_uv "$@" 2>/dev/null && exit 0
echo "setup: uv could not install these, pip does (a few minutes)"
pip install "$@"
