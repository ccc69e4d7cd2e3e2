"""The part of a campaign that a solve assigns alone: what was asked for, kept with the run, and in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import exists, select

from core.actor import Actor
from core.calendar import dates
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import dm, named
from people import queries as people
from people.access import guard
from people.models import DutyKind
from planning.part import Part
from roster.campaigns import rights
from roster.campaigns.models import Campaign
from roster.models import Shift
from roster.solving.models import SolveRun

NAMED = 3
"""People of a range who are named; more are counted."""


def part_of_run(run: SolveRun) -> Part | None:
    """Return what the run assigns alone; ``None``: all of it."""
    if run.part is None:
        return None
    first, last = (date.fromisoformat(run.part[name]) if run.part.get(name) else None for name in ("from", "to"))
    codes = run.part.get("people")
    return Part(run.part.get("unit"), run.part.get("duty"), first, last, None if codes is None else frozenset(codes))


def asked(sent: Any) -> Part:
    """Return what a form or an address narrows a solve to. Raises Invalid ``solve.day``."""
    unit, duty = (sent.get(name) or None for name in ("unit", "duty"))
    named_people = codes(sent)
    return Part(unit, duty, _day(sent, "from"), _day(sent, "to"), frozenset(named_people) if named_people else None)


def codes(sent: Any) -> list[str]:
    """People by code: ticked one by one, or in one field between commas."""
    return [code for each in sent.getlist("people") for code in each.replace(",", " ").split()]


def _day(sent: Any, name: str) -> date | None:
    typed = sent.get(name, "").strip()
    found = dates.day(typed)
    if typed and found is None:
        raise Invalid("solve.day", field=name)
    return found


def as_json(part: Part | None) -> dict[str, Any] | None:
    """Return them as a run keeps it, and as calls say it."""
    if part is None:
        return None
    days = (each.isoformat() if each else None for each in (part.first, part.last))
    told = {"unit": part.unit, "duty": part.duty, **dict(zip(("from", "to"), days, strict=True))}
    return told if part.people is None else told | {"people": sorted(part.people)}


def checked(campaign: Campaign, part: Part) -> Part | None:
    """The part, or ``None`` where that is the campaign. Raises NotFound; Conflict where it is empty."""
    unit = people.unit_by_code(part.unit) if part.unit else None
    if part.duty is not None and db.session.get(DutyKind, part.duty) is None:
        raise NotFound("solve.unknown_duty", duty=part.duty)
    if part.first is not None and part.last is not None and part.last < part.first:
        raise Conflict("solve.days_turned")
    if unit is not None and unit.id == campaign.unit_id:
        part = replace(part, unit=None)
    for code in part.people or ():
        people.person_by_code(code)  # NotFound names who is not there
    if part == Part():
        return None
    wanted = [Shift.campaign_id == campaign.id]
    wanted += [Shift.unit_id.in_(people.subtree_ids(unit.id))] if unit is not None else []
    wanted += [Shift.duty == part.duty] if part.duty is not None else []
    wanted += [Shift.local_on >= part.first] if part.first is not None else []
    wanted += [Shift.local_on <= part.last] if part.last is not None else []
    if not db.session.scalar(select(exists().where(*wanted))):
        raise Conflict("solve.empty_part")
    return part


def ensure(actor: Actor, campaign: Campaign, part: Part | None, *, now: datetime, asks: bool = False) -> None:
    """Raise Forbidden unless the actor may have it assigned: whoever may in the campaign's unit, and a part of a unit
    whoever may there. ``asks``: only ask, as ``guard.refuse_unless``."""
    if not may(actor, campaign, part, now=now):
        asked = guard.refuse_unless if asks else guard.ensure
        asked(actor, "campaign.solve", campaign.unit_id, now=now)


def may(actor: Actor, campaign: Campaign, part: Part | None, *, now: datetime) -> bool:
    unit = people.find_unit(part.unit) if part is not None and part.unit else None
    return rights.may(actor, "campaign.solve", campaign, unit.id if unit else campaign.unit_id, now=now)


def in_words(part: Part) -> str:
    """ "Bưu điện huyện A, Điều hành, từ 24/01 đến 28/01"."""
    unit = people.find_unit(part.unit) if part.unit else None
    kind = db.session.get(DutyKind, part.duty) if part.duty else None
    who = _people(part) if part.people is not None else ""
    said = [who, unit.name if unit else part.unit, named(kind) if kind else part.duty, _days(part)]
    return ", ".join(each for each in said if each)


def _people(part: Part) -> str:
    """By name up to three of them, more by their number."""
    codes = sorted(part.people or ())
    if len(codes) > NAMED:
        return _("%(n)s người", n=len(codes))
    found = [person.full_name if (person := people.find_person(code)) else code for code in codes]
    return ", ".join(found)


def _days(part: Part) -> str:
    first, last = (dm(each) if each else "" for each in (part.first, part.last))
    if first and last:
        return _("từ %(first)s đến %(last)s", first=first, last=last)
    if first:
        return _("từ %(first)s", first=first)
    return _("đến %(last)s", last=last) if last else ""
