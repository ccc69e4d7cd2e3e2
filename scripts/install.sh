#!/usr/bin/env bash
# Makes .venv from a hashed lock: scripts/install.sh run|dev|bench
# A copy of the lock inside .venv is the stamp: same lock, nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."

want=${1:-run}
lock=requirements.txt
[ "$want" = run ] || lock=requirements-$want.txt
venv=.venv
python=${PYTHON:-python3}

is_current() { cmp -s "$lock" "$venv/lock-$want.txt"; }
is_current && exit 0

# Two copies of the program may start from one tree at the same time.
if command -v flock >/dev/null; then
    exec 9>".install.lock"
    flock 9
    is_current && exit 0
fi

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or newer is needed; $python is $("$python" -V 2>&1). Set PYTHON=/path/to/python3." >&2
    exit 1
}
if [ ! -x "$venv/bin/python" ]; then
    "$python" -m venv "$venv" || {
        echo "Python's venv module is missing (Debian and Ubuntu: apt install python3-venv)." >&2
        exit 1
    }
fi

echo "Installing $lock into $venv (once; later starts skip this) ..."
if command -v uv >/dev/null; then
    uv pip install --quiet --require-hashes --python "$venv/bin/python" -r "$lock"
else
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
fi
cp "$lock" "$venv/lock-$want.txt"
# The other locks contain what runs, in the same versions.
[ "$want" = run ] || cp requirements.txt "$venv/lock-run.txt"
exit 0
