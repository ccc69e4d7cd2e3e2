"""A sheet read against the draft as it is: what stands where, who and what is meant, and which seats would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import select

from core.actor import Actor
from core.db import batched, db
from core.text import normalize_phone
from people import queries as people
from people.imports.drawn import DrawnSheet
from people.models import ContactMethod
from roster.campaigns import rights
from roster.campaigns.models import Campaign
from roster.sheets import codes, layout, seating
from roster.sheets.choices import SheetChoices
from roster.sheets.codes import AlikeShifts, Meaning, WrittenKind
from roster.sheets.layout import SheetLayout
from roster.sheets.models import SheetCode
from roster.sheets.names import SURE, Match, NamedPerson, PeopleByName
from roster.sheets.seating import DayMark, LaidSheet, SheetDraft
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot


@dataclass(frozen=True)
class SheetContext:
    """What sheets of a campaign are read against."""

    campaign: Campaign
    taken: Snapshot
    draft: SheetDraft
    days: tuple[date, ...]
    kinds: Mapping[str, WrittenKind]
    pairs: Sequence[AlikeShifts]
    directory: PeopleByName
    kept: Mapping[str, str]
    """Code → what it meant the last time."""

    @cached_property
    def person(self) -> Mapping[int, NamedPerson]:
        return {each.id: each for each in self.directory.by_code.values()}


@dataclass(frozen=True)
class Looked:
    """A sheet as it is read. ``unknown``: rows with something in them of which nobody knows whose they are."""

    ground: SheetContext
    drawn: DrawnSheet
    choices: SheetChoices
    layout: SheetLayout
    matches: tuple[Match, ...]
    meanings: Mapping[str, Meaning]
    laid: LaidSheet

    @property
    def unknown(self) -> list[Match]:
        return [each for each in self.matches if each.how not in SURE and each.how != "skipped"]

    @property
    def unread_codes(self) -> list[Meaning]:
        return [each for each in self.meanings.values() if not each.means]


def ground(campaign: Campaign, *, units: set[int] | None, serving: str = "", now: datetime) -> SheetContext:
    """``units``: ids of those whose seats may be changed; ``None``: all. ``serving``: code of a unit; of people only
    those who can serve there are known."""
    taken = snapshot.take(campaign.id, now=now)
    reach = None if units is None else frozenset(unit.code for unit in people.units(units))
    draft = SheetDraft(
        taken.problem.shifts,
        taken.seats,
        {seat: cell.person_id for seat, cell in taken.cells.items()},
        taken.problem.person,
        taken.fixed,
        reach,
    )
    length = (campaign.ends_on - campaign.starts_on).days + 1
    staff = [each for each in taken.problem.staff if not serving or serving in each.eligible_units]
    phones = _phones([each.id for each in staff])
    known = [NamedPerson(each.id, each.code, each.name, phones.get(each.id, "")) for each in staff]
    return SheetContext(
        campaign,
        taken,
        draft,
        tuple(campaign.starts_on + timedelta(days=n) for n in range(length)),
        {kind.code: WrittenKind(kind.code, kind.letter, (kind.name_vi, kind.name_en)) for kind in people.duty_kinds()},
        codes.pairs_of(each for each in draft.shifts if reach is None or each.unit in reach),
        PeopleByName(known),
        _kept(campaign, units),
    )


def reach(actor: Actor, campaign: Campaign, *, now: datetime) -> set[int] | None:
    """Ids of the units whose seats the actor may change; ``None``: all. Raises Forbidden when there are none."""
    rights.ensure(actor, "campaign.write", campaign, (), now=now)
    return rights.reach(actor, "campaign.write", campaign, now=now)


def look(against: SheetContext, sheets: Sequence[DrawnSheet], choices: SheetChoices) -> Looked:
    drawn = sheets[min(choices.sheet, len(sheets) - 1)]
    known = against.directory
    found = layout.find(drawn.rows, against.days, known.blind.keys(), known.by_code.keys(), chosen=choices.layout)
    matches = [known.match(line, choices.people.get(line.number)) for line in found.lines]
    matches = [each for each in matches if each.how in SURE or each.line.says]
    mine = [each for each in matches if each.person is not None]
    cells = [((each.line.number, column), text) for each in matches for column, text in each.line.marks.items()]
    meanings = codes.meanings(cells, against.pairs, against.kinds, choices.codes, kept=against.kept)
    laid = seating.lay_out(
        against.draft,
        _marks(found, mine, choices),
        {code: each.means for code, each in meanings.items()},
        choices.left,
        whole=choices.blank == "shift",
    )
    return Looked(against, drawn, choices, found, tuple(matches), meanings, laid)


def _marks(found: SheetLayout, matches: Sequence[Match], choices: SheetChoices) -> list[DayMark]:
    days = found.days
    return [
        DayMark((match.line.number, column), match.person.id, days[column], tuple(parts))
        for match in matches
        if match.person is not None
        for column, text in match.line.marks.items()
        if (parts := codes.parts(text)) or choices.blank == "free"
    ]


def _phones(ids: Sequence[int]) -> dict[int, str]:
    wanted = select(ContactMethod.person_id, ContactMethod.address).where(ContactMethod.channel == "phone")
    found = dict[int, str]()
    for some in batched(ids):
        for person_id, address in db.session.execute(wanted.where(ContactMethod.person_id.in_(some))).tuples():
            if person_id is not None:
                found.setdefault(person_id, _dialled(address))
    return found


def _dialled(address: str) -> str:
    try:
        return normalize_phone(address)
    except ValueError:
        return address


def _kept(campaign: Campaign, units: set[int] | None) -> dict[str, str]:
    """What a unit says of its own codes comes before what the campaign's unit says."""
    near = [campaign.unit_id, *sorted(units or ())]
    rows = db.session.scalars(select(SheetCode).where(SheetCode.unit_id.in_(near))).all()
    return {row.code: row.means for row in sorted(rows, key=lambda row: near.index(row.unit_id))}
