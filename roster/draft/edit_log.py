"""The changes of a draft since it was last published: noted with each change, read by undo and redo."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from flask_babel import gettext as _
from sqlalchemy import Select, delete, func, or_, select

from core.db import db
from core.i18n import dm
from people import queries as people
from planning.problem import Shift
from roster.campaigns.models import Campaign
from roster.draft.models import DraftEdit
from roster.snapshot.sitting import DraftCell
from roster.snapshot.snapshot import Snapshot
from roster.words.names import RosterNames, names_for

Change = tuple[int, Mapping[int, DraftCell], Mapping[int, DraftCell]]
"""Of one shift: its id, its cells by seat before, and after."""
Demand = Mapping[int, tuple[list[Any], list[Any]]]
"""Shift → what it asked for before, and after, as ``DraftEdit`` keeps it."""
Need = tuple[int, int, dict[str, int]]
"""People needed, people wanted, and skill → how many of them have it."""


@dataclass(frozen=True)
class EditSource:
    """Where a change comes from. ``about``: what undo names it by. ``since``: the version before it, where it is more
    than one back."""

    kind: Literal["edit", "solve"] = "edit"
    about: Mapping[str, Any] | None = None
    since: int | None = None


def note(
    campaign: Campaign,
    changes: Iterable[Change],
    *,
    by: str,
    now: datetime,
    demand: Demand | None = None,
    source: EditSource | None = None,
) -> DraftEdit | None:
    """Remember what changed, in the caller's transaction and once the draft has its new version. After a new change
    there is nothing left to redo.
    """
    source = source or EditSource()
    cells: dict[int, list[Any]] = {}
    for shift_id, before, after in changes:
        for seat in sorted({*before, *after}):
            was, becomes = _plain(before.get(seat)), _plain(after.get(seat))
            if seat in cells:  # changed twice in one edit
                cells[seat][3] = becomes
            elif was != becomes:
                cells[seat] = [seat, shift_id, was, becomes]
    asked = [[None, shift_id, *both] for shift_id, both in (demand or {}).items() if both[0] != both[1]]
    if not cells and not asked:
        return None
    old = DraftEdit.revision < campaign.revision
    spent = (DraftEdit.made_by == by) & DraftEdit.undone_at.is_not(None)
    db.session.execute(delete(DraftEdit).where(DraftEdit.campaign_id == campaign.id, or_(old, spent)))
    made = DraftEdit(
        campaign_id=campaign.id,
        revision=campaign.revision,
        kind=source.kind,
        made_at=now,
        made_by=by,
        cells=[*cells.values(), *asked],
        about=dict(source.about) if source.about else None,
        since_version=campaign.draft_version - 1 if source.since is None else source.since,
        draft_version=campaign.draft_version,
    )
    db.session.add(made)
    db.session.flush()
    return made


def last_makers(campaign: Campaign, seats: Collection[int]) -> dict[int, str]:
    """Return by whom (``Actor.ref``) each of these seats was changed last, as far as the log goes back."""
    touched = select(DraftEdit).filter_by(campaign_id=campaign.id).order_by(DraftEdit.draft_version, DraftEdit.id)
    return {cell[0]: row.made_by for row in db.session.scalars(touched) for cell in row.cells if cell[0] in seats}


def carry_over(campaign: Campaign, revision: int, seats: Collection[int]) -> None:
    """A part was published after ``revision``: what was changed on other seats than these can still be undone, or done
    again. Demand is signed with the first revision. In the caller's transaction.
    """
    wanted = select(DraftEdit).filter_by(campaign_id=campaign.id, revision=revision)
    for edit in db.session.scalars(wanted.execution_options(populate_existing=True)):
        left = [row for row in edit.cells if row[0] not in seats]
        if demand_of(edit, after=True) or not left:
            continue
        edit.revision = campaign.revision
        if len(left) < len(edit.cells):
            edit.cells = left


def next_to_undo(campaign: Campaign, by: str) -> DraftEdit | None:
    """The last change of that account or key that still stands."""
    mine = _edits_by(campaign, by).where(DraftEdit.undone_at.is_(None))
    return db.session.scalar(mine.order_by(DraftEdit.id.desc()).limit(1))


def next_to_redo(campaign: Campaign, by: str) -> DraftEdit | None:
    """The one that was undone last."""
    mine = _edits_by(campaign, by).where(DraftEdit.undone_at.is_not(None))
    return db.session.scalar(mine.order_by(DraftEdit.draft_version.desc(), DraftEdit.id).limit(1))


def turnable(campaign: Campaign, by: str, edit_id: int, *, back: bool) -> DraftEdit | None:
    """That change of theirs, where it stands (``back``) or waits to be done again; None where it does not."""
    undone = DraftEdit.undone_at.is_(None) if back else DraftEdit.undone_at.is_not(None)
    return db.session.scalar(_edits_by(campaign, by).where(DraftEdit.id == edit_id, undone))


def latest(campaign: Campaign, by: str, most: int) -> tuple[Sequence[DraftEdit], int]:
    """The last changes by anybody since the last publish, the newest first, with what ``by`` would undo and redo next
    however far back; and how many others there are.
    """
    wanted = select(DraftEdit).filter_by(campaign_id=campaign.id, revision=campaign.revision)
    rows = list(db.session.scalars(wanted.order_by(DraftEdit.id.desc()).limit(most)))
    if len(rows) < most:
        return rows, 0
    rows += [each for each in (next_to_undo(campaign, by), next_to_redo(campaign, by)) if each and each not in rows]
    shown = (DraftEdit.undone_at.is_(None)) | (DraftEdit.made_by == by)
    seen = [each.id for each in rows]
    more = select(func.count()).where(DraftEdit.campaign_id == campaign.id, DraftEdit.revision == campaign.revision)
    return rows, db.session.scalar(more.where(shown, DraftEdit.id.not_in(seen))) or 0


def between(campaign: Campaign, version: int) -> tuple[Sequence[DraftEdit], bool]:
    """Return what was made, undone or done again since that version of the draft, in this order; and whether that is
    all that changed it since: rules, points and publishes are not in the log, and what was made and undone is there
    once.
    """
    wanted = select(DraftEdit).where(DraftEdit.campaign_id == campaign.id, DraftEdit.draft_version > version)
    found = db.session.scalars(wanted.order_by(DraftEdit.draft_version)).all()
    seen = version
    for edit in found:
        if edit.since_version != seen:
            return found, False
        seen = edit.draft_version
    return found, seen == campaign.draft_version


def are_changed_since(campaign: Campaign, seats: Collection[int], version: int) -> bool:
    """Whether some of these seats were changed after that version of the draft."""
    wanted = select(DraftEdit).where(DraftEdit.campaign_id == campaign.id, DraftEdit.draft_version > version)
    return any(row[0] in seats for edit in db.session.scalars(wanted) for row in edit.cells)


def _edits_by(campaign: Campaign, by: str) -> Select[tuple[DraftEdit]]:
    wanted = select(DraftEdit).filter_by(campaign_id=campaign.id, made_by=by, revision=campaign.revision)
    return wanted.execution_options(populate_existing=True)


def cells_of(edit: DraftEdit, *, after: bool) -> dict[int, DraftCell | None]:
    """Seat → who sits there after the change, or before it."""
    return {row[0]: DraftCell(*row[3 if after else 2]) if row[3 if after else 2] else None for row in _seated(edit)}


def demand_of(edit: DraftEdit, *, after: bool) -> dict[int, list[Any]]:
    """Shift → what it asked for after the change, or before it; of shifts whose demand it changed."""
    return {row[1]: row[3 if after else 2] for row in edit.cells if row[0] is None}


def shifts_of(edit: DraftEdit) -> list[int]:
    return shifts_in(edit.cells)


def shifts_in(rows: Iterable[list[Any]]) -> list[int]:
    return list(dict.fromkeys(row[1] for row in rows))


def people_of(edit: DraftEdit) -> set[int]:
    return {cell[0] for row in _seated(edit) for cell in (row[2], row[3]) if cell}


def named_in(edit: DraftEdit, rows: Sequence[list[Any]] | None = None) -> tuple[list[int], set[int]]:
    """The shifts and people that its description names; ``rows``: of some of it."""
    rows = edit.cells if rows is None else rows
    if edit.kind == "solve" or not rows or not _seated(edit):
        return [], set()
    first = rows[0][1]
    return [first], {cell[0] for row in rows if row[1] == first for cell in (row[2], row[3]) if cell}


def moved(taken: Snapshot, edit: DraftEdit, *, after: bool) -> list[list[Any]]:
    """Its rows of which the seat, or the need, is not as the change left it: it was changed once more since."""
    wanted, needed = cells_of(edit, after=after), demand_of(edit, after=after)
    shift_of = taken.problem.shift_of

    def is_other(row: list[Any]) -> bool:
        if row[0] is not None:
            return taken.cells.get(row[0]) != wanted[row[0]]
        return row[1] in shift_of and _asks(shift_of[row[1]]) != _meant(*needed[row[1]])

    return [row for row in edit.cells if is_other(row)]


def _asks(shift: Shift) -> Need:
    return shift.headcount, shift.wanted.number if shift.wanted else shift.headcount, dict(shift.skills)


def _meant(headcount: int, wanted: int | None, skills: Mapping[str, int]) -> Need:
    """To want no more than is needed says nothing."""
    return headcount, max(headcount, wanted or 0), dict(skills)


def described(edit: DraftEdit, names: RosterNames | None = None, rows: Sequence[list[Any]] | None = None) -> str:
    """The change in words, as it was made; ``names``: of those ``named_in`` it; ``rows``: some of it, not the whole."""
    rows = rows or edit.cells
    shifts, less = shifts_in(rows), demand_of(edit, after=True)
    if less:
        number = sum(asked[0] - less[shift][0] for shift, asked in demand_of(edit, after=False).items())
        return _("bớt %(n)s lượt khỏi nhu cầu của %(shifts)s ca", n=number, shifts=len(less))
    if edit.kind == "solve" and edit.about:
        return _("máy xếp %(n)s lượt: %(part)s", n=len(rows), part=edit.about["part"])
    if edit.about:
        return at_once(edit.about, len(rows))
    if edit.kind == "solve":
        return _("máy xếp %(n)s lượt", n=len(rows))
    names = names or names_for(*named_in(edit, rows))
    first = _shift_words([row for row in rows if row[1] == shifts[0]], names.brief(shifts[0]), names)
    return first if len(shifts) == 1 else _("%(first)s và %(n)s ca khác", first=first, n=len(shifts) - 1)


def at_once(about: Mapping[str, Any], seats: int) -> str:
    """Return what an edit of many seats is called, by what made it (``DraftEdit.about``)."""
    if "sheet" in about:
        return _("nhập %(n)s lượt từ %(title)s", n=seats, title=about["sheet"])
    if "list" in about:
        return _("ghép %(n)s lượt từ danh sách của %(title)s", n=seats, title=about["list"])
    if "crew" in about:
        return _crew_words(about)
    unit = people.find_unit(about["unit"])
    facts = {"unit": unit.name if unit else about["unit"], "n": seats}
    if "crews" in about:
        return _("Xoay kíp %(unit)s (%(crews)s): %(n)s lượt", crews=about["crews"], **facts)
    if about["pattern"] == "leader":
        return _("Giám đốc cả đợt %(unit)s: %(n)s ca", **facts)
    return _("Xoay vòng %(unit)s: %(n)s ca", **facts)


def _crew_words(about: Mapping[str, Any]) -> str:
    """A crew's day, and how many others; by the name that it had then."""
    facts = {"crew": about["crew"], "shift": about["shift"], "day": dm(date.fromisoformat(about["on"]))}
    first = _("%(crew)s: ca %(shift)s %(day)s", **facts) if about["shift"] else _("%(crew)s: nghỉ %(day)s", **facts)
    more = int(about["more"])
    return _("%(first)s và %(n)s ô khác", first=first, n=more) if more else first


def _shift_words(rows: Sequence[list[Any]], shift: str, names: RosterNames) -> str:
    before, after = ({row[at][0]: row[at][1] for row in rows if row[at]} for at in (2, 3))
    came, left = _named(after.keys() - before.keys(), names), _named(before.keys() - after.keys(), names)
    if came and left:
        return _("%(came)s thay %(left)s: %(shift)s", came=came, left=left, shift=shift)
    if came:
        return _("xếp %(who)s: %(shift)s", who=came, shift=shift)
    if left:
        return _("bỏ %(who)s: %(shift)s", who=left, shift=shift)
    changed = [person for person in after if after[person] != before.get(person)]
    if changed and after[changed[0]]:
        return _("ghim %(who)s: %(shift)s", who=_named(changed, names), shift=shift)
    if changed:
        return _("bỏ ghim %(who)s: %(shift)s", who=_named(changed, names), shift=shift)
    return _("đổi chỗ: %(shift)s", shift=shift)


def _named(ids: Iterable[int], names: RosterNames) -> str:
    return ", ".join(sorted(names.person(each) for each in ids))


def _seated(edit: DraftEdit) -> list[Any]:
    return [row for row in edit.cells if row[0] is not None]


def _plain(cell: DraftCell | None) -> list[Any] | None:
    return None if cell is None else [cell.person_id, cell.pinned, cell.reason]
