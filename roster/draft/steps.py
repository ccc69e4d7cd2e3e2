"""Reading for the list of changes beside the grid: each since the last publish in a sentence, with who and when.

Whether a step was changed once more since is told from what its seats hold now, before anybody tries to undo it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.actor import Actor
from roster.campaigns.models import Campaign
from roster.draft import edit_log
from roster.draft.models import DraftEdit
from roster.draft.undoing import is_open
from roster.snapshot.snapshot import Snapshot
from roster.words.names import maker_names, names_for, names_of

MOST = 40
"""Steps that are read: who looks for one further back finds it in the audit log."""


@dataclass(frozen=True)
class Touch:
    """Somebody changed a seat of the step once more: who (``by``; empty where nobody knows) and when."""

    by: str
    at: datetime | None
    mine: bool


@dataclass(frozen=True)
class DraftStep:
    """``by``: the name of whoever made it; ``at``: when it was made, or undone. ``touched``: by whom since, if at all.

    ``open``: none of its shifts has been served, so that it can still be turned.
    """

    id: int
    text: str
    by: str
    at: datetime
    mine: bool
    undone: bool
    open: bool
    touched: Touch | None


@dataclass(frozen=True)
class DraftSteps:
    """The newest first, what waits to be done again before all others. ``undo``, ``redo``: what the keys would turn.

    ``older``: how many are further back than the list goes.
    """

    listed: Sequence[DraftStep] = field(default_factory=tuple)
    undo: DraftStep | None = None
    redo: DraftStep | None = None
    older: int = 0

    @property
    def waiting(self) -> int:
        return sum(each.undone for each in self.listed)


def steps_of(campaign: Campaign, taken: Snapshot, *, actor: Actor) -> DraftSteps:
    """What others took back is gone; what the actor took back can be done again."""
    rows, older = edit_log.latest(campaign, actor.ref, MOST)
    shown = [row for row in rows if row.undone_at is None or row.made_by == actor.ref]
    named = [edit_log.named_in(row) for row in shown]
    plan = names_of(taken.problem).shifts
    gone = [each for shifts, _ids in named for each in shifts if each not in plan]
    words = names_for(gone, [each for _shifts, ids in named for each in ids])
    words = replace(words, shifts={**plan, **words.shifts})
    names = maker_names({row.made_by for row in rows})
    listed = []
    for row in shown:
        undone = row.undone_at is not None
        listed.append(
            DraftStep(
                id=row.id,
                text=edit_log.described(row, words),
                by=names[row.made_by],
                at=row.undone_at or row.made_at,
                mine=row.made_by == actor.ref,
                undone=undone,
                open=is_open(taken, edit_log.shifts_of(row)),
                touched=_touched(row, rows, taken, names, actor=actor),
            )
        )
    mine = [(row, step) for row, step in zip(shown, listed, strict=True) if step.mine]
    standing = next((step for _row, step in mine if not step.undone), None)
    waiting = [(row.draft_version, -row.id, step) for row, step in mine if step.undone]
    last = max(waiting, key=lambda each: each[:2])[2] if waiting else None
    return DraftSteps(tuple(sorted(listed, key=lambda each: (not each.undone, -each.id))), standing, last, older)


def _touched(
    row: DraftEdit, rows: Sequence[DraftEdit], taken: Snapshot, names: Mapping[str, str], *, actor: Actor
) -> Touch | None:
    moved = edit_log.moved(taken, row, after=row.undone_at is None)
    if not moved:
        return None
    seats, shifts = {each[0] for each in moved if each[0] is not None}, {each[1] for each in moved if each[0] is None}
    later = [
        each
        for each in rows
        if each.draft_version > row.draft_version
        and any(cell[0] in seats or (cell[0] is None and cell[1] in shifts) for cell in each.cells)
    ]
    if not later:
        return Touch("", None, mine=False)
    last = max(later, key=lambda each: each.draft_version)
    return Touch(names[last.made_by], last.undone_at or last.made_at, mine=last.made_by == actor.ref)
