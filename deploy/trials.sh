#!/bin/sh
# Put what the trials need on this machine: a C compiler, `ip`, openssl (apt.sh).
set -eu
missing=""
command -v cc >/dev/null || missing="gcc libc6-dev"
command -v ip >/dev/null || missing="$missing iproute2"
command -v openssl >/dev/null || missing="$missing openssl"
exec "$(dirname "$0")/apt.sh" "trials" $missing
