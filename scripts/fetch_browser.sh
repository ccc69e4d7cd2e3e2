#!/usr/bin/env bash
# A Chromium for the browser tests: an installed one, else the distribution's package when root, else Playwright's own.
set -uo pipefail
cd "$(dirname "$0")/.."

starts() { "$1" --version >/dev/null 2>&1; }
installed() {
    for name in ${CHROMIUM_PATH:-} chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null && starts "$name" && return 0
    done
    return 1
}
own() {
    .venv/bin/python - <<'PY'
import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(not os.path.exists(playwright.chromium.executable_path))
PY
}

installed && exit 0
own 2>/dev/null && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium from the distribution ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium-headless-shell ||
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium
    installed && exit 0
fi
echo "Installing Playwright's Chromium ..."
.venv/bin/python -m playwright install $([ "$(id -u)" = 0 ] && echo --with-deps) chromium && exit 0

echo "No Chromium could be fetched: browser tests will be skipped (they fail with CI=true)." >&2
[ "${CI:-}" != true ]
