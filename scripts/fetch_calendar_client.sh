#!/usr/bin/env bash
# calcurse: the calendar client that is not written in Python, for the tests of the feeds (the others come by pip).
set -uo pipefail
cd "$(dirname "$0")/.."

command -v calcurse >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing calcurse from the distribution ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq calcurse >/dev/null
    command -v calcurse >/dev/null && exit 0
fi
echo "No calcurse (Debian, Ubuntu: apt install calcurse): its test will be skipped (it fails with CI=true)." >&2
[ "${CI:-}" != true ]
