#!/usr/bin/env bash
# What the browser tests need beside the locked environment, where it is missing: Chromium from Debian's packages, as
# root or through sudo, and the accessibility checker axe-core from npm, into node_modules/ (which git ignores).
set -euo pipefail
cd "$(dirname "$0")/../.."

AXE=4.14.1

has() { command -v "$1" >/dev/null; }
has_axe() { grep -qs "\"version\": \"$AXE\"" node_modules/axe-core/package.json; }
fail() {
    echo "The browser tests need ${packages[*]}, $1" >&2
    exit 1
}

packages=()
has chromium || has chromium-browser || has google-chrome || packages+=(chromium)
has_axe || has npm || packages+=(npm)

if [ ${#packages[@]} -gt 0 ]; then
    has apt-get || fail "and there is no apt-get to install it: install it by the means of this system."
    as_root=()
    if [ "$(id -u)" != 0 ]; then
        has sudo || fail "which takes root or sudo to install: run \`apt-get install ${packages[*]}\` as root."
        as_root=(sudo)
    fi
    apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
    "${apt[@]}" update
    "${apt[@]}" install --yes --no-install-recommends "${packages[@]}"
fi

has_axe || npm install --prefix . --no-save --no-package-lock --no-audit --no-fund --ignore-scripts "axe-core@$AXE"
