"""Is an empty database, migrated, what the models describe? ``python -m scripts.migrated`` asks the one of the settings
and exits 1 with what differs."""

from __future__ import annotations

from flask_migrate import check, upgrade

from app import create_app


def main() -> None:
    with create_app().app_context():
        upgrade()
        check()


if __name__ == "__main__":
    main()
