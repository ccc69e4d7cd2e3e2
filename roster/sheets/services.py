"""A sheet taken into the draft: one edit that is judged like any other, and undone as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from people.imports.drawn import DrawnSheet
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign, require
from roster.draft import edit_plan, services as drafts
from roster.draft.edits import SeatEdit, SeatsEdited
from roster.sheets import reading
from roster.sheets.choices import SheetChoices
from roster.sheets.codes import Meaning
from roster.sheets.models import SheetCode
from roster.sheets.reading import Looked
from roster.sheets.seating import At

MOST = 20_000
"""Seats of one sheet: a thousand people for three weeks."""


@dataclass(frozen=True)
class Breach:
    """A rule that what is read breaks; ``cells``: those of the sheet that have part in it."""

    text: str
    cells: tuple[At, ...]


@dataclass(frozen=True)
class JudgedSheet:
    """``law``: one of the breaches is of what the law says."""

    breaches: tuple[Breach, ...] = ()
    law: bool = False
    refused: str = ""
    """Why it cannot be taken at all."""


def look(
    campaign: Campaign, sheets: Sequence[DrawnSheet], choices: SheetChoices, *, actor: Actor, now: datetime
) -> Looked:
    """Reads only. Raises Forbidden."""
    units = reading.reach(actor, campaign, now=now)
    return reading.look(reading.ground(campaign, units=units, now=now), sheets, choices)


def edits(looked: Looked) -> list[SeatEdit]:
    person = looked.ground.person
    return [
        SeatEdit(
            each.seat,
            person[each.person].code if each.person is not None else None,
            person[each.was].code if each.was is not None else None,
        )
        for each in looked.laid.changes
    ]


def judge(looked: Looked, *, now: datetime) -> JudgedSheet:
    """Return which rules it would break, before anybody takes it."""
    wanted = edits(looked)
    if not wanted:
        return JudgedSheet()
    if len(wanted) > MOST:
        return JudgedSheet(refused=Conflict("edits.too_many", most=MOST, n=len(wanted)).message())
    trial = edit_plan.tried(looked.ground.campaign, wanted, None, now=now)
    found = tuple(Breach(each["text"], _cells(looked, each)) for each in trial.violations)
    return JudgedSheet(found, trial.law, trial.fault.message() if trial.fault else "")


def take(
    campaign_id: int,
    name: str,
    sheets: Sequence[DrawnSheet],
    choices: SheetChoices,
    *,
    actor: Actor,
    now: datetime,
) -> SeatsEdited:
    """Return what the sheet says, as the draft is now; what its codes mean is remembered. Raises Forbidden, and
    Conflict as ``drafts.edit_seats``, ``sheet.nothing`` (all of it is there already)."""
    campaign = get_campaign(campaign_id)
    require(campaign, "edit")
    looked = look(campaign, sheets, choices, actor=actor, now=now)
    wanted = edits(looked)
    if not wanted:
        raise Conflict("sheet.nothing")
    if len(wanted) > MOST:
        raise Conflict("edits.too_many", most=MOST, n=len(wanted))
    # What the law says is answered for shift by shift, where it can be read what it is about.
    reason = "" if choices.reason.strip() and judge(looked, now=now).law else choices.reason
    done = drafts.edit_seats(campaign_id, wanted, reason=reason, about={"sheet": name}, actor=actor, now=now)
    _remember(actor.unit_id or campaign.unit_id, looked.meanings, actor=actor, now=now)
    return done


def _remember(unit_id: int, meanings: Mapping[str, Meaning], *, actor: Actor, now: datetime) -> None:
    """What somebody chose for a code; what codes say by themselves need not be kept."""
    chosen = {code: each.means for code, each in meanings.items() if each.how == "chosen"}
    if not chosen:
        return
    with transaction() as session:
        rows = session.scalars(select(SheetCode).where(SheetCode.unit_id == unit_id, SheetCode.code.in_(chosen)))
        known = {row.code: row for row in rows}
        for code, means in chosen.items():
            row = known.get(code)
            if row is None:
                row = SheetCode(unit_id=unit_id, code=code)
                db.session.add(row)
            row.means, row.said_at, row.said_by = means, now, actor.name


def _cells(looked: Looked, breach: Mapping[str, Any]) -> tuple[At, ...]:
    """Return the cells that a breach is about: of one person's that person's, else all cells of its shifts."""
    person = looked.ground.directory.by_code.get((breach["person"] or "").lower())
    return tuple(
        sorted(
            at
            for (shift, who), at in looked.laid.cells.items()
            if shift in breach["shifts"] and (person is None or who == person.id)
        )
    )
