"""Ids that left the house after the copy was taken are not used again: numbering goes on behind them.

Calendars, messages and paper remember numbers of rows that a restored database does not know. Where the database that
is moved aside can be read, numbering goes on behind what it had given; else it leaves a gap that no day fills.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

GAP = 100_000
"""Ids that are left out when nobody can say which were used."""
CODES_GAP = 1000
"""The same for the running numbers of incidents, which people read and type."""
CODES = "incident.number."


def behind(copied: int, present: int | None, gap: int) -> int:
    """The last number that counts as given."""
    return max(copied, present) if present is not None else copied + gap


def read_sqlite(database: Any) -> tuple[dict[str, int], dict[str, int]]:
    """(table → last id given, counter of incident codes → last number) of a SQLite database."""
    ids = {}
    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone():
        ids = {str(name): int(last) for name, last in database.execute("SELECT name, seq FROM sqlite_sequence")}
    rows = database.execute("SELECT key, value FROM settings WHERE key LIKE ?", (f"{CODES}%",))
    return ids, {str(key): int(json.loads(str(value))) for key, value in rows}


def raise_sqlite(database: Any, present: tuple[Mapping[str, int], Mapping[str, int]] | None) -> None:
    """``present``: what the database that was moved aside had given, if it could be read."""
    ids, codes = read_sqlite(database)
    for name, last in ids.items():
        given = behind(last, present[0].get(name, 0) if present else None, GAP)
        database.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (given, name))
    for key, last in codes.items():
        given = behind(last, present[1].get(key, 0) if present else None, CODES_GAP)
        database.execute("UPDATE settings SET value = ? WHERE key = ?", (json.dumps(given), key))
    for key in set(present[1]) - set(codes) if present else ():
        database.execute("INSERT INTO settings (key, value) VALUES (?, ?)", (key, json.dumps(present[1][key])))  # type: ignore[index]


def raise_postgresql(aside: str | None) -> str:
    """SQL that does the same inside the transaction that restores; ``aside``: the schema that was moved aside."""
    return _POSTGRESQL % {"aside": aside or "no_such_schema", "gap": GAP, "codes_gap": CODES_GAP, "codes": CODES}


_POSTGRESQL = """
DO $numbers$
DECLARE
    each record;
    copied bigint;
    present bigint;
BEGIN
    FOR each IN SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM public.%%I', each.name) INTO copied;
        present := NULL;
        IF to_regclass(format('%%I.%%I', '%(aside)s', each.name)) IS NOT NULL THEN
            EXECUTE format('SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM %%I.%%I', '%(aside)s', each.name)
                INTO present;
        END IF;
        PERFORM setval(format('public.%%I', each.name)::regclass,
            greatest(1, coalesce(greatest(copied, present), copied + %(gap)s)));
    END LOOP;
    IF to_regclass(format('%%I.settings', '%(aside)s')) IS NOT NULL THEN
        EXECUTE format('INSERT INTO public.settings (key, value) SELECT key, value FROM %%I.settings old '
            'WHERE key LIKE ''%(codes)s%%%%'' ON CONFLICT (key) DO UPDATE SET value = '
            'greatest((public.settings.value #>> ''{}'')::bigint, (excluded.value #>> ''{}'')::bigint)::text::json',
            '%(aside)s');
    ELSE
        UPDATE public.settings SET value = ((value #>> '{}')::bigint + %(codes_gap)s)::text::json
            WHERE key LIKE '%(codes)s%%';
    END IF;
END
$numbers$;
"""
