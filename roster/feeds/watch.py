"""What feeds and GET /on-duty show changes in many places, by imports and by hand in the database: triggers count it.

One number for all: while it stands, a kept calendar or answer is true. It is read before the facts, so that it can be
older than they are and never newer. On PostgreSQL it is counted at the end of the transaction that changes something,
once: writers then hold each other up for the length of a commit, and cannot wait for one another in a ring.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import Connection, ScalarSelect, inspect, literal_column, select, text, update

from roster.feeds.models import FeedStamp

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "duties": (
        "seat_id",
        "shift_id",
        "campaign_id",
        "unit_id",
        "person_id",
        "duty",
        "template",
        "form",
        "starts_at",
        "ends_at",
        "sequence",
        "changed_at",
        "cancelled_at",
    ),
    "absences": ("person_id", "from_on", "to_on", "recorded_at"),
    "people": ("code", "full_name", "position", "active"),
    "contact_methods": ("person_id", "channel", "address", "position"),
    "units": ("parent_id", "code", "name", "address", "phone"),
    "duty_kinds": ("name_vi", "name_en", "colour"),
    "desk_phones": ("unit_id", "duty", "phone"),
    "campaigns": ("name",),
    "shadows": ("seat_id", "person_id", "ended_at"),
    "rehearsals": ("campaign_id", "source", "offset_seconds", "started_at", "ends_at", "ended_at"),
}
"""Table → the columns that an event, the name of a calendar or the choice of what is in it depends on; who is absent is
for who is on duty alone."""
PREFIX = "feeds_see_"
COUNT = "BEGIN UPDATE feed_stamps SET version = version + 1; END"
FUNCTION = """
CREATE OR REPLACE FUNCTION feeds_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('truc_tet.feeds_changed', true) IS DISTINCT FROM txid_current()::text THEN
    PERFORM set_config('truc_tet.feeds_changed', txid_current()::text, true);
    UPDATE feed_stamps SET version = version + 1;
  END IF;
  RETURN NULL;
END $$
"""
THERE = text(
    "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
    "WHERE relnamespace = current_schema()::regnamespace AND starts_with(tgname::text, 'feeds_see_') "
    "AND tgenabled <> 'D'"
)
MADE_BY = text("SELECT obj_description(to_regprocedure('feeds_changed()'), 'pg_proc')")


def stamp() -> ScalarSelect[int]:
    """The number, as a column of any statement."""
    return select(FeedStamp.version).where(FeedStamp.id == literal_column("1")).scalar_subquery()


def stands(connection: Connection) -> bool:
    """Whether the triggers are there as this version makes them. To look takes no lock."""
    wanted = _wanted(connection)
    if connection.dialect.name == "postgresql":
        made_by = _digest(wanted) if wanted else None
        return set(connection.execute(THERE).scalars()) == set(wanted) and _made_by(connection) == made_by
    return _in_the_file(connection) == wanted


def _in_the_file(connection: Connection) -> dict[str, str]:
    """Return what SQLite keeps of each: its name and the words that made it."""
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    return {name: sql for name, sql in rows if name.startswith(PREFIX)}


def install(connection: Connection) -> None:
    """Make them anew in the transaction of ``connection``. The number goes up: nobody knows what was written while
    there were none."""
    remove(connection)
    wanted = _wanted(connection)
    if wanted and connection.dialect.name == "postgresql":
        connection.exec_driver_sql(FUNCTION)
        connection.exec_driver_sql(f"COMMENT ON FUNCTION feeds_changed() IS '{_digest(wanted)}'")
    for statement in wanted.values():
        connection.exec_driver_sql(statement)
    if wanted:
        connection.execute(update(FeedStamp).values(version=FeedStamp.version + 1))


def remove(connection: Connection) -> None:
    """Take them away, so that tables can be altered."""
    tables = set(inspect(connection).get_table_names())
    for table, verb in _places():
        if table in tables:
            on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name_of(table, verb)}{on}")


def name_of(table: str, verb: str) -> str:
    return f"{PREFIX}{table}_{verb}".lower()


def _wanted(connection: Connection) -> dict[str, str]:
    """Name → statement. A database on its way to this version has not all tables and columns yet."""
    found = inspect(connection)
    tables = set(found.get_table_names())
    if "feed_stamps" not in tables:
        return {}
    has = {table: {each["name"] for each in found.get_columns(table)} for table in tables & COLUMNS.keys()}
    return dict(_triggers(connection.dialect.name, has))


def _made_by(connection: Connection) -> str | None:
    """The digest of what was made last; None where nothing was, or by an earlier version."""
    return connection.execute(MADE_BY).scalar()


def _digest(wanted: Mapping[str, str]) -> str:
    """Return the digest of all that is made: PostgreSQL keeps triggers in words of its own."""
    return hashlib.sha256("\n".join([FUNCTION, *wanted.values()]).encode()).hexdigest()[:16]


def _places() -> Iterator[tuple[str, str]]:
    for table in COLUMNS:
        for verb in ("INSERT", "UPDATE", "DELETE"):
            yield table, verb


def _triggers(dialect: str, has: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str]]:
    for table, verb in _places():
        if table not in has:
            continue
        # To write all columns of a row, as an import does, is not to change them all.
        differs = "IS DISTINCT FROM" if dialect == "postgresql" else "IS NOT"
        changed = " OR ".join(
            f"OLD.{column} {differs} NEW.{column}" for column in COLUMNS[table] if column in has[table]
        )
        when = f" WHEN ({changed})" if verb == "UPDATE" else ""
        name = name_of(table, verb)
        if dialect == "postgresql":
            end = f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW{when} EXECUTE FUNCTION feeds_changed()"
            yield name, f"CREATE CONSTRAINT TRIGGER {name} AFTER {verb} ON {table} {end}"
        else:
            yield name, f"CREATE TRIGGER {name} AFTER {verb} ON {table} FOR EACH ROW{when} {COUNT}"
