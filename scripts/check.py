"""All checks that need no test: ``make check``. Every one runs; the failed ones are named at the end."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.postgres import PostgresMissing, fresh_database, postgres_server

ROOT = Path(__file__).parents[1]
PYTHON = [sys.executable, "-m"]
TOOLS = {
    "format": [*PYTHON, "ruff", "format", "--check", "--quiet", "."],
    "lint": [*PYTHON, "ruff", "check", "--output-format", "concise", "."],
    "types": [*PYTHON, "mypy"],
    "dead code": [*PYTHON, "scripts.dead_code"],
    "layers": [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"],
    "translations": [*PYTHON, "scripts.check_translations"],
}


def run(name: str, command: list[str], environment: dict[str, str] | None = None) -> bool:
    """Run one check; its output is shown only when it fails."""
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    print(f"{'ok    ' if done.returncode == 0 else 'FAILED'}  {name}", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def migrations_in_step(name: str, data_dir: str, url: str | None) -> bool:
    """Whether an empty database, migrated, is what the models describe."""
    environment = {**os.environ, "DATA_DIR": data_dir, "APP_ENV": "development"}
    environment.pop("DATABASE_URL", None)
    if url:
        environment["DATABASE_URL"] = url
    flask = [*PYTHON, "flask", "--app", "app", "db"]
    return run(f"migrations run ({name})", [*flask, "upgrade"], environment) and run(
        f"models = migrations ({name})", [*flask, "check"], environment
    )


def migrations_on_postgresql(data_dir: str) -> bool:
    try:
        with postgres_server() as server, fresh_database(server) as url:
            return migrations_in_step("PostgreSQL", data_dir, url.render_as_string(hide_password=False))
    except PostgresMissing as missing:
        print(
            f"{'FAILED' if os.environ.get('CI') == 'true' else 'skipped'}  models = migrations (PostgreSQL): {missing}"
        )
        return os.environ.get("CI") != "true"


def main() -> int:
    results = [run(name, command) for name, command in TOOLS.items()]
    with tempfile.TemporaryDirectory() as folder:
        results.append(migrations_in_step("SQLite", folder, None))
        results.append(migrations_on_postgresql(folder))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
