"""Absences of whole days, recorded and taken away; what that does to published shifts is said by ``effects``."""

from __future__ import annotations

from datetime import date, datetime

from core import audit
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict, NotFound
from people import queries, validation
from people.absences import asking, queries as absence_queries, rules
from people.access import guard
from people.models import ABSENCE_KINDS, Absence, Person


def add_absence(
    person_code: str, from_on: date, to_on: date, kind: str, *, note: str = "", now: datetime, actor: Actor
) -> tuple[Absence, bool]:
    """Whole local days, both inclusive; the same days again change kind and note. Answers it and whether it is new.

    Actors who may only say who cannot come now (``absence.now``) record today alone, and change nothing that stands.
    """
    with transaction() as session:
        person = queries.person_by_code(person_code)
        only_now = rules.ensure_may_record(actor, person, from_on, to_on, now=now)
        if kind not in ABSENCE_KINDS:
            raise NotFound("absence.kind_unknown", field="kind", value=kind)
        known = absence_queries.list_for_person(person.id)
        absence = next((each for each in known if (each.from_on, each.to_on) == (from_on, to_on)), None)
        is_new = absence is None
        stands = [each for each in known if each is not absence or (only_now and each.kind != kind)]
        clash = next((each for each in stands if each.from_on <= to_on and from_on <= each.to_on), None)
        if clash is not None:
            raise Conflict(
                "absence.overlap", field="from", from_on=f"{clash.from_on:%d/%m/%Y}", to_on=f"{clash.to_on:%d/%m/%Y}"
            )
        absence = absence or Absence(person_id=person.id, from_on=from_on, to_on=to_on, recorded_at=now)
        absence.kind, absence.note = kind, validation.one_line(note, "note", required=False)
        session.add(absence)
        is_news = is_new or session.is_modified(absence)
        session.flush()
        audit.record(
            actor, "absence.add", "person", person.id, now=now, from_on=str(from_on), to_on=str(to_on), kind=kind
        )
        if is_news:
            asking.saved(absence, actor=actor, now=now)
        return absence, is_new


def remove_absence(absence_id: int, *, now: datetime, actor: Actor) -> Person:
    """Take it away; the days stay in the audit. Answers whose it was."""
    with transaction() as session:
        absence = absence_queries.by_id(absence_id)
        person = absence.person
        guard.ensure(actor, "absence.write", person.unit_id, now=now, person_id=person.id)
        asking.removing(absence, actor=actor, now=now)
        audit.record(
            actor,
            "absence.remove",
            "person",
            person.id,
            now=now,
            from_on=str(absence.from_on),
            to_on=str(absence.to_on),
        )
        session.delete(absence)
        return person
