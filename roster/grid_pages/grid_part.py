"""The table of a campaign's page as an address asks for it, and what its rows need: what an edit makes anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from core.actor import Actor
from people import reference
from people.reference import KindFact
from roster.campaigns import rights
from roster.campaigns.models import Campaign
from roster.crews import board, queries as crews
from roster.draft import grid, shown_days
from roster.draft.grid import GridFilter
from roster.grid_pages.look import GridLook, look_of
from roster.hands import duty_rows, hidden_days
from roster.solving import proof_validity


@dataclass(frozen=True)
class May:
    """``whole``: what the reader may change reaches over the whole campaign; ``edit``: this page takes edits."""

    may_write: bool
    whole: bool
    edit: bool


@dataclass(frozen=True)
class PeopleRows:
    crew_of: Mapping[int, Sequence[str]]
    """By person id; empty where people are not the rows."""


@dataclass(frozen=True)
class DutyRows:
    shifts: duty_rows.DutyTable


@dataclass(frozen=True)
class CrewRows:
    crews: Sequence[board.CrewRow]


@dataclass(frozen=True)
class ShownDays:
    """Which days a list shows at once, and which have a column."""

    dates: shown_days.DayWindow
    columns: hidden_days.Columns


@dataclass(frozen=True)
class RowsAlone:
    """``people``: ids of those whose rows are wanted, None for all of the page; where others are the rows, all are."""

    people: frozenset[int] | None


@dataclass(frozen=True)
class GridPart:
    campaign: Campaign
    now: datetime
    look: GridLook
    may: May
    grid: grid.Grid
    kinds: Mapping[str, KindFact]
    stamp: str | None
    """Of what it is judged by, from before that was read (``proof_validity.stamp``)."""
    rows: PeopleRows | DutyRows | CrewRows
    days: ShownDays
    seat_of: Mapping[tuple[int, int], int]
    """(shift id, person id) → seat: what the grid's script names when it asks for an edit."""

    @property
    def version(self) -> str:
        """What the grid's script says it has seen."""
        return version_of(self.campaign, self.grid.taken.draft_version, self.stamp)

    def facts(self) -> dict[str, Any]:
        """Return what the templates of rows show."""
        return {
            "campaign": self.campaign,
            "now": self.now,
            "view": self.look.view,
            "unit": self.look.unit,
            "person": self.look.person,
            "asked": self.look.asked,
            "grid": self.grid,
            "kinds": self.kinds,
            "version": self.version,
            "seat_of": self.seat_of,
            **vars(self.may),
            **vars(self.rows),
            **vars(self.days),
        }


def grid_part(
    campaign: Campaign, args: MultiDict[str, str], *, actor: Actor, now: datetime, only: RowsAlone | None = None
) -> GridPart:
    """``args``: the query of the address, which may be that of the page from which an edit was sent. ``only``: rows
    and foot alone, as ``grid.load_rows`` has them."""
    every = {kind.code: kind for kind in reference.duty_kinds()}
    look = look_of(args, rights.source(actor, campaign, args.get("source"), now=now), every)
    may, stamp = _may(campaign, look, actor, now), proof_validity.stamp()
    asked = GridFilter(look.source, look.duty, look.unit_id, look.page, look.person.code if look.person else look.find)
    if only is not None:
        asked = replace(asked, only=only.people if look.view == "people" else None)
        must = frozenset(code for code, kind in every.items() if kind.obligatory)
        found = grid.load_rows(campaign.id, asked, obligatory=must, now=now)
    else:
        found = grid.load_shown(campaign.id, asked, now=now)
    return GridPart(
        campaign=campaign,
        now=now,
        look=look,
        may=may,
        grid=found,
        kinds=every,
        stamp=stamp,
        rows=_rows(look, found, every, now),
        days=_days(look, found),
        seat_of=_seat_of(found) if may.may_write else {},
    )


def version_of(campaign: Campaign, draft: int, stamp: str | None) -> str:
    """Return a version made of the draft, of what is published, and of what both are judged by
    (``proof_validity.stamp``, from before they were read): each makes an open grid old. Whoever
    falls ill is no longer sure to serve."""
    return f"{draft}.{campaign.revision}.{(stamp or '')[:8]}"


def _may(campaign: Campaign, look: GridLook, actor: Actor, now: datetime) -> May:
    mine = rights.reach(actor, "campaign.write", campaign, now=now)
    may_write = mine != set() and campaign.state != "closed"
    return May(may_write, mine is None, may_write and look.source == "draft" and look.mode != "read")


def _days(look: GridLook, found: grid.Grid) -> ShownDays:
    hidden = hidden_days.asked(look.hide, found.days, lambda day: day.on not in found.troubled)
    seats = [each.seats for each in found.cover]
    return ShownDays(shown_days.window(found.days, seats, look.on), hidden_days.columns(found.days, hidden))


def _rows(
    look: GridLook, found: grid.Grid, every: Mapping[str, KindFact], now: datetime
) -> PeopleRows | DutyRows | CrewRows:
    if look.view == "duties":
        order = list(every)
        return DutyRows(
            duty_rows.table(found, duty=look.duty, unit_id=look.unit_id, order=order, page=look.page, now=now)
        )
    if look.view == "crews":
        return CrewRows(board.rows(found, look.unit_id))
    return PeopleRows(crews.names_of_people([row.person.id for row in found.rows]) if look.view == "people" else {})


def _seat_of(found: grid.Grid) -> dict[tuple[int, int], int]:
    cells, seats = found.taken.cells, found.taken.seats
    shown = {chip.shift.id for row in found.rows for cell in row.cells for chip in cell.chips}
    sitting = ((shift, seat) for shift in shown for seat in seats.get(shift, ()) if seat in cells)
    return {(shift, cells[seat].person_id): seat for shift, seat in sitting}
