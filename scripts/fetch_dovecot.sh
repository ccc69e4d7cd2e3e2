#!/usr/bin/env bash
# Dovecot, for the test in which alarms come by mail.
set -uo pipefail
cd "$(dirname "$0")/.."

is_there() { command -v dovecot >/dev/null || [ -x /usr/sbin/dovecot ]; }
is_there && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Dovecot from the distribution ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends dovecot-imapd >/dev/null
    is_there && exit 0
fi
echo "No Dovecot (Debian, Ubuntu: apt install dovecot-imapd): its test will be skipped (it fails with CI=true)." >&2
[ "${CI:-}" != true ]
