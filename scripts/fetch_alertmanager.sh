#!/usr/bin/env bash
# Prometheus Alertmanager, for the test in which it raises and ends incidents.
set -uo pipefail
cd "$(dirname "$0")/.."

is_there() { command -v prometheus-alertmanager >/dev/null || command -v alertmanager >/dev/null; }
is_there && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Alertmanager from the distribution ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends prometheus-alertmanager >/dev/null
    is_there && exit 0
fi
echo "No Alertmanager (Debian, Ubuntu: apt install prometheus-alertmanager): its test will be skipped (it fails with CI=true)." >&2
[ "${CI:-}" != true ]
