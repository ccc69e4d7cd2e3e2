"""What can be said of the files without a story: ``make check``. Every check runs, as many at once as there are
processors."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.support.postgres import PostgresMissing, fresh_database, postgres_server

ROOT = Path(__file__).parents[1]
PYTHON = [sys.executable, "-m"]
TOOLS = {
    # The longest first.
    "boundaries": [*PYTHON, "pytest", "-q", "--numprocesses", "2", "--dist", "loadfile", "tests/boundaries"],
    "types": [*PYTHON, "mypy"],
    "dead code": [*PYTHON, "scripts.dead_code"],
    "translations": [*PYTHON, "scripts.check_translations"],
    "layers": [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"],
    "format": [*PYTHON, "ruff", "format", "--check", "--quiet", "."],
    "lint": [*PYTHON, "ruff", "check", "--output-format", "concise", "."],
}


def run(name: str, command: list[str], environment: dict[str, str] | None = None) -> bool:
    """Run one check; its output is shown only when it fails."""
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    said = f"\n{done.stdout}{done.stderr}" if done.returncode else ""
    # With its end in the same string: checks run beside each other.
    print(f"{'FAILED' if done.returncode else 'ok    '}  {name}{said}\n", end="", flush=True)
    return done.returncode == 0


def migrations_in_step(name: str, url: str | None) -> bool:
    """Whether an empty database, migrated, is what the models describe."""
    with tempfile.TemporaryDirectory() as data_dir:
        environment = {**os.environ, "DATA_DIR": data_dir, "APP_ENV": "development"}
        environment.pop("DATABASE_URL", None)
        if url:
            environment["DATABASE_URL"] = url
        return run(f"models = migrations ({name})", [*PYTHON, "scripts.migrated"], environment)


def migrations_on_postgresql() -> bool:
    try:
        with postgres_server() as server, fresh_database(server) as url:
            return migrations_in_step("PostgreSQL", url.render_as_string(hide_password=False))
    except PostgresMissing as missing:
        print(
            f"{'FAILED' if os.environ.get('CI') == 'true' else 'skipped'}  models = migrations (PostgreSQL): {missing}"
        )
        return os.environ.get("CI") != "true"


def main() -> int:
    checks: list[Callable[[], bool]] = [
        *(partial(run, name, command) for name, command in TOOLS.items()),
        migrations_on_postgresql,
        partial(migrations_in_step, "SQLite", None),
    ]
    with ThreadPoolExecutor(os.cpu_count()) as several:
        return 0 if all(list(several.map(lambda check: check(), checks))) else 1


if __name__ == "__main__":
    sys.exit(main())
