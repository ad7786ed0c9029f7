#!/bin/sh
# Put Debian packages on this machine where that may be done (as root or with sudo): apt.sh WHAT_FOR PACKAGE...
# Where it may not, it says so and succeeds: the tests that need them are then skipped by name.
set -eu
what_for=$1
shift
[ "$#" -gt 0 ] || exit 0
if ! command -v apt-get >/dev/null; then
    echo "Not here and no apt-get: $*. The $what_for that need them may be skipped." >&2
    exit 0
fi
if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi
echo "Installing $* for the $what_for ..."
if ! { $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null; then
    echo "Could not be installed: $*. The $what_for that need them may be skipped." >&2
fi
