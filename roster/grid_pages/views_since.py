"""What others changed of a draft since an open grid last heard of it: their cells, and who it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import request
from flask_babel import gettext as _

from core.actor import Actor
from people import queries as people
from roster.campaigns.models import Campaign
from roster.crews import queries as crews
from roster.draft import edit_log
from roster.draft.models import DraftEdit
from roster.grid_pages import views_parts as parts
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot
from roster.words.names import maker_names


def answer(campaign: Campaign, known: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """``known``: the version that the grid shows. Where the log does not tell all that came since, or what rosters are
    judged by has changed, all rows go; where ``part`` is days, the days of what was changed in place of rows."""
    found, is_all = _found(campaign, known)
    others = [edit for edit in found if edit.made_by != actor.ref]
    names = maker_names({edit.made_by for edit in others})
    taken = snapshot.take(campaign.id, now=now, also={each for edit in found for each in edit_log.people_of(edit)})
    cells = _cells(taken, others, names)
    tells_all = is_all and _is_as_known(campaign, known)
    said = _said(others, len(cells), names) if others or is_all else _("Lịch vừa được cập nhật.")
    if request.args.get("part") == "days":
        days = parts.changed_days(campaign, _dates(taken, found) if tells_all else None, said, now)
        return days | {"version": parts.version(campaign)}
    if request.args.get("view") == "crews":
        cells = _crew_cells(cells)
    answered = parts.changed(campaign, _concerned(taken, found) if tells_all else None, said, now)
    return answered | {"cells": cells, "version": parts.version(campaign)}


def _found(campaign: Campaign, known: str) -> tuple[Sequence[DraftEdit], bool]:
    draft, revision = (known.split(".") + ["", ""])[:2]
    if not (draft.isdecimal() and len(draft) < 10 and revision == str(campaign.revision)):
        return (), False
    return edit_log.between(campaign, int(draft))


def _is_as_known(campaign: Campaign, known: str) -> bool:
    """Whether nothing has changed of what rosters are judged by: whoever fell ill may stand in any row."""
    return known.rpartition(".")[2] == parts.version(campaign).rpartition(".")[2]


def _concerned(taken: Snapshot, found: Iterable[DraftEdit]) -> set[int]:
    """Return whoever came, left, or is on one of the seats now."""
    seats = {seat for edit in found for seat in edit_log.cells_of(edit, after=True)}
    sitting = {taken.cells[seat].person_id for seat in seats if seat in taken.cells}
    return sitting | {each for edit in found for each in edit_log.people_of(edit)}


def _dates(taken: Snapshot, found: Iterable[DraftEdit]) -> set[date] | None:
    """Return the dates of the shifts that were changed; ``None`` where one of them is no more."""
    shifts = {shift_id for edit in found for shift_id in edit_log.shifts_of(edit)}
    known = taken.problem.shift_of
    return {known[each].local_date for each in shifts} if shifts <= known.keys() else None


def _cells(taken: Snapshot, others: Iterable[DraftEdit], names: Mapping[str, str]) -> list[dict[str, str]]:
    """Return each cell that somebody else changed by hand, and who; the last of several. ``shift``: where shifts are
    rows."""
    by = dict[tuple[str, str, str], str]()
    for edit in others:
        for seat, shift_id, *both in edit.cells if edit.kind == "edit" else ():
            shift = taken.problem.shift_of.get(shift_id)
            if seat is None or shift is None:
                continue
            for cell in both:
                if cell:
                    code, on = taken.problem.person[cell[0]].code, shift.local_date.isoformat()
                    by[code, on, str(shift_id)] = names[edit.made_by]
    return [{"person": code, "on": on, "shift": shift, "by": name} for (code, on, shift), name in by.items()]


def _crew_cells(cells: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Return the cells of the crews of those people, where crews are rows."""
    found, ids = list[dict[str, str]](), {each["person"]: people.find_person(each["person"]) for each in cells}
    crew_ids = crews.ids_of_people([person.id for person in ids.values() if person])
    for each in cells:
        person = ids[each["person"]]
        found += [each | {"person": str(crew)} for crew in (crew_ids.get(person.id, ()) if person else ())]
    return found


def _said(others: Sequence[DraftEdit], cells: int, names: Mapping[str, str]) -> str:
    who = ", ".join(sorted({names[edit.made_by] for edit in others}))
    if not others:
        return ""
    if any(edit.kind == "solve" for edit in others):
        return _("%(who)s vừa cho máy xếp lịch.", who=who)
    return _("%(who)s vừa sửa %(n)s ô.", who=who, n=cells)
