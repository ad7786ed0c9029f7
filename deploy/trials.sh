#!/bin/sh
# Put what the trials need on this machine, where that may be done (Debian, as root or with sudo): a C compiler, `ip`, openssl.
set -eu
missing=""
command -v cc >/dev/null || missing="$missing gcc libc6-dev"
command -v ip >/dev/null || missing="$missing iproute2"
command -v openssl >/dev/null || missing="$missing openssl"
if [ -z "$missing" ]; then exit 0; fi
if ! command -v apt-get >/dev/null; then
    echo "Not here and no apt-get:$missing. The trials that need them will be skipped." >&2
    exit 0
fi
if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi
echo "Installing$missing for the trials ..."
if ! { $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >/dev/null; then
    echo "Could not be installed:$missing. The trials that need them will be skipped." >&2
fi
