#!/usr/bin/env bash
# LibreOffice Writer without a screen, for the tests in which a stranger reads our DOCX (84 MB; `make test-rest`).
set -uo pipefail
cd "$(dirname "$0")/.."

command -v soffice >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing LibreOffice Writer from the distribution ..."
    apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libreoffice-writer-nogui >/dev/null
    command -v soffice >/dev/null && exit 0
fi
echo "No LibreOffice (Debian, Ubuntu: apt install libreoffice-writer-nogui): its tests will be skipped (they fail with CI=true)." >&2
[ "${CI:-}" != true ]
