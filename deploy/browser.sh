#!/bin/sh
# Put a Chromium and the letters that our pages are measured with on this machine for the browser tests, where that may be
# done (Debian, as root or with sudo).
set -eu
missing=""
command -v chromium >/dev/null || missing="chromium"
# Without a text face the browser falls back on DejaVu, whose letters are a sixth wider than those of any laptop.
fc-list 2>/dev/null | grep -q "Liberation Sans" || missing="$missing fonts-liberation"
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null; then
    echo "No $missing and no apt-get here: the browser tests may be skipped or measure other letters." >&2
    exit 0
fi
if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi
echo "Installing $missing for the browser tests ..."
if ! { $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >/dev/null; then
    echo "$missing could not be installed: the browser tests may be skipped." >&2
fi
