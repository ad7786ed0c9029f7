#!/bin/sh
# Put a Chromium and the letters that our pages are measured with on this machine for the browser tests (apt.sh).
set -eu
missing=""
command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || missing="chromium-headless-shell"
# Without a text face the browser falls back on DejaVu, whose letters are a sixth wider than those of any laptop.
fc-list 2>/dev/null | grep -q "Liberation Sans" || missing="$missing fonts-liberation"
exec "$(dirname "$0")/apt.sh" "browser tests" $missing
