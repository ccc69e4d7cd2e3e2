"""The number to ring for a duty: one answer for sheets, pages, mails, calendars and the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from core import text
from core.db import db
from core.fast_path import shared_cache
from people import reference
from people.models import Unit
from roster.resolver.models import DeskPhone

OPERATIONS = "operations"


def watch() -> None:
    """What is kept here depends on these tables: a write to one of them ends it."""
    shared_cache.watch(DeskPhone.__tablename__, Unit.__tablename__)


@dataclass(frozen=True)
class DialNumber:
    """``phone``: digits as dialled, empty when nobody wrote one down; ``unit_id``: whose it is; ``is_desk``: a duty
    desk's, which outlives whoever sits there, not just an office's telephone."""

    phone: str = ""
    unit_id: int | None = None
    is_desk: bool = False


def to_ring(unit_id: int, duty: str) -> DialNumber:
    """The number for ``duty`` at this unit; never a person's.

    It follows from unit and duty alone, not from who is on duty: a sheet on a wall says it for months, by day, when the
    district's own people answer, and by night, when the province's do.

    1. the unit's own desk phone for that duty; 2. the desk phone of its nearest ancestor that has one for that duty;
    3. the unit's own telephone; 4. that of its nearest ancestor that has one.
    """
    return to_ring_each([(unit_id, duty)])[unit_id, duty]


def number_for_incidents(unit_id: int) -> DialNumber:
    """Return what whoever has to do with an incident at that unit is to ring: on its sheet, on the form behind it, on
    the page of a report, in each call, and on the page of that call."""
    return to_ring(unit_id, OPERATIONS)


def numbers_for_incidents(unit_ids: Iterable[int]) -> dict[int, DialNumber]:
    """``number_for_incidents`` of many."""
    found = to_ring_each((unit_id, OPERATIONS) for unit_id in unit_ids)
    return {unit_id: number for (unit_id, _duty), number in found.items()}


def to_ring_each(wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], DialNumber]:
    """``to_ring`` of many (unit id, duty) pairs, in a few statements for all."""
    wanted = list(wanted)
    above = reference.ancestors_of(frozenset(unit_id for unit_id, _duty in wanted))
    units = tuple(sorted({each for unit_ids in above.values() for each in unit_ids}))
    desks, own = shared_cache.remember("numbers", _written_down, units)
    return {(unit_id, duty): choose(above[unit_id], duty, desks, own) for unit_id, duty in wanted}


def choose(units: Iterable[int], duty: str, desks: Mapping[tuple[int, str], str], own: Mapping[int, str]) -> DialNumber:
    """The order of :func:`to_ring` over ``units``, the nearest first."""
    units = list(units)
    at_desk = next((each for each in units if desks.get((each, duty))), None)
    if at_desk is not None:
        return DialNumber(desks[at_desk, duty], at_desk, is_desk=True)
    office = next((each for each in units if own.get(each)), None)
    return DialNumber(own[office], office) if office is not None else DialNumber()


def _written_down(units: tuple[int, ...]) -> tuple[dict[tuple[int, str], str], dict[int, str]]:
    desks = select(DeskPhone.unit_id, DeskPhone.duty, DeskPhone.phone).where(DeskPhone.unit_id.in_(units))
    own = select(Unit.id, Unit.phone).where(Unit.id.in_(units), Unit.phone != "")
    return (
        {(unit_id, duty): plain(phone) for unit_id, duty, phone in db.session.execute(desks)},
        {unit_id: plain(phone) for unit_id, phone in db.session.execute(own)},
    )


def plain(written: str) -> str:
    """However a number was written down, in one way: digits; as it stands where it is not one of Việt Nam alone (an
    extension, words beside it), and empty where it cannot be dialled at all."""
    try:
        return text.normalize_phone(written)
    except ValueError:
        return written.strip() if text.dialled(written) else ""
