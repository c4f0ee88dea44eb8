#!/usr/bin/env bash
# Installs what pip cannot: bubblewrap (the sandbox), and with --tests a Chromium and a font for the browser tests.
# Installs only what is missing, with the system's package manager, as root or through sudo without a password.
# Where it may not, it prints the one line to run and goes on: everything but the sandbox works without.
set -uo pipefail

have() { command -v "$1" >/dev/null 2>&1; }

have_browser() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do have "$name" && return; done
    return 1
}

have_font() { have fc-list && [ -n "$(fc-list :lang=en family 2>/dev/null | head -n 1)" ]; }

missing=()
have bwrap || missing+=(bubblewrap)
if [ "${1:-}" = --tests ]; then
    have_browser || missing+=(chromium)
    have_font || missing+=(fontconfig fonts-dejavu-core)
fi
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(uname -s)" != Linux ]; then
    echo "setup: grading runs student code in bubblewrap, which needs Linux; the rest of the course works here." >&2
    exit 0
fi

if have apt-get; then
    install="apt-get install -y --no-install-recommends ${missing[*]}"
    refresh="apt-get update -qq"
elif have dnf; then
    install="dnf install -y ${missing[*]//fonts-dejavu-core/dejavu-sans-fonts}"
    refresh=true
elif have pacman; then
    install="pacman -S --noconfirm ${missing[*]//fonts-dejavu-core/ttf-dejavu}"
    refresh=true
else
    echo "setup: install these with your system's package manager: ${missing[*]}" >&2
    exit 0
fi

if [ "$(id -u)" = 0 ]; then
    as_root=(env DEBIAN_FRONTEND=noninteractive)
elif have sudo && sudo -n true 2>/dev/null; then
    as_root=(sudo -n env DEBIAN_FRONTEND=noninteractive)
else
    echo "setup: missing ${missing[*]}; run: sudo $install" >&2
    exit 0
fi

echo "setup: installing ${missing[*]}"
# shellcheck disable=SC2086  # the command and its package names are words of our own
"${as_root[@]}" $refresh && "${as_root[@]}" $install >/dev/null && exit 0
echo "setup: that failed; run: sudo $install" >&2
exit 0
