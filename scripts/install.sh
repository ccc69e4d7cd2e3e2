#!/usr/bin/env bash
# Makes .venv from a hashed lock: scripts/install.sh run|dev|bench
# A copy of the lock inside .venv is the stamp: same lock, nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."

want=${1:-run}
lock=requirements.txt
[ "$want" = run ] || lock=requirements-$want.txt
venv=.venv
# The newest that we test comes first: it is the quickest. PYTHON decides otherwise.
pythons=(python3.13 python3.12 python3.11 python3)
[ -z "${PYTHON:-}" ] || pythons=("$PYTHON")

is_current() { cmp -s "$lock" "$venv/lock-$want.txt"; }
is_current && exit 0

# Two copies of the program may start from one tree at the same time.
if command -v flock >/dev/null; then
    exec 9>".install.lock"
    flock 9
    is_current && exit 0
fi

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
makes_venvs() { "$1" -c 'import ensurepip, venv' 2>/dev/null; } # Debian has it in a package of its own

make_venv() {
    local python version without_venv= too_old=
    for python in "${pythons[@]}"; do
        version=$("$python" -V 2>&1) || continue
        if ! new_enough "$python"; then
            too_old="$python is $version"
        elif makes_venvs "$python"; then
            "$python" -m venv "$venv"
            return
        else
            without_venv=${without_venv:-$python}
        fi
    done
    if [ -n "$without_venv" ]; then
        version=$("$without_venv" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "The venv module of $without_venv is missing (Debian and Ubuntu: apt install python$version-venv)." >&2
    else
        echo "Python 3.11 or newer is needed, ${too_old:-not found as: ${pythons[*]}}. Set PYTHON=/path/to/python3." >&2
    fi
    exit 1
}
[ -x "$venv/bin/python" ] || make_venv

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
