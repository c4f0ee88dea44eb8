#!/usr/bin/env bash
# Installs what pip cannot: bubblewrap (the sandbox), and with --tests a Chromium and a font for the browser tests, a
# PostgreSQL server for the tests to start, and `ip`, with which they make networks.
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

have_postgresql() { have initdb || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; }

have_ip() { have ip || [ -x /usr/sbin/ip ] || [ -x /sbin/ip ]; }

missing=()
have bwrap || missing+=(bubblewrap)
if [ "${1:-}" = --tests ]; then
    have_browser || missing+=(chromium)
    have_font || missing+=(fontconfig fonts-dejavu-core)
    have_postgresql || missing+=(postgresql)
    have_ip || missing+=(iproute2)
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
    missing=("${missing[@]//fonts-dejavu-core/dejavu-sans-fonts}")
    missing=("${missing[@]/#%postgresql/postgresql-server}")
    install="dnf install -y ${missing[*]/#%iproute2/iproute}"
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

# Debian starts a server as soon as it is installed, unless it is told not to. The tests start one of their own.
if have apt-get && [[ " ${missing[*]} " == *" postgresql "* ]]; then
    quiet=/etc/postgresql-common/createcluster.d
    "${as_root[@]}" sh -c "mkdir -p $quiet && echo 'create_main_cluster = false' >$quiet/no-server-for-tests.conf"
fi

echo "setup: installing ${missing[*]}"
# shellcheck disable=SC2086  # the command and its package names are words of our own
"${as_root[@]}" $refresh && "${as_root[@]}" $install >/dev/null && exit 0
echo "setup: that failed; run: sudo $install" >&2
exit 0
