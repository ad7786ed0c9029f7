#!/bin/sh
# Put a Chromium on this machine for the browser tests, where that may be done (Debian, as root or with sudo).
set -eu
if command -v chromium >/dev/null; then exit 0; fi
if ! command -v apt-get >/dev/null; then
    echo "No chromium and no apt-get here: the browser tests will be skipped." >&2
    exit 0
fi
if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi
echo "Installing chromium for the browser tests ..."
if ! { $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null; then
    echo "chromium could not be installed: the browser tests will be skipped." >&2
fi
