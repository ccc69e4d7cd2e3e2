"""What an edit of seats did, in one sentence: read out, and shown under the grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from core.i18n import dm
from planning.problem import Shift
from roster.draft.edits import SeatsEdited, ShiftEditPlan
from roster.hands.fairness_preview import FairnessPreview, told
from roster.snapshot.sitting import DraftCell
from roster.snapshot.snapshot import Snapshot
from roster.words.names import RosterNames


@dataclass(frozen=True)
class _Moved:
    """A seat that is not as it was."""

    shift: Shift
    was: DraftCell | None
    becomes: DraftCell | None

    @property
    def who(self) -> tuple[int | None, int | None]:
        return self.was.person_id if self.was else None, self.becomes.person_id if self.becomes else None

    @property
    def is_pin(self) -> bool:
        return self.was is not None and self.becomes is not None and self.was.person_id == self.becomes.person_id


def people_of(steps: Sequence[ShiftEditPlan]) -> set[int]:
    """Ids of everybody whose row may look different: who came, left, or is on one of the shifts."""
    return {cell.person_id for step in steps for cells in (step.before, step.target) for cell in cells.values()}


def sentence(done: SeatsEdited, after: Snapshot, names: RosterNames) -> str:
    """``after``: the draft as it is now."""
    moved = _moved(done.steps, after)
    if not moved:
        return _("Không có gì thay đổi.")
    some = [each for each in moved if not each.is_pin]
    said = [_what(some, names) if some else _pinned(moved, names)]
    if len({each.shift.duty for each in some}) == 1:
        said.append(_even(some, after))
    return " ".join([*said, _("Ctrl Z để hoàn tác.")])


def _moved(steps: Sequence[ShiftEditPlan], after: Snapshot) -> list[_Moved]:
    found = []
    for step in steps:
        for seat in step.seats:
            was, becomes = step.before.get(seat), step.target.get(seat)
            if was != becomes:
                found.append(_Moved(after.problem.shift_of[step.shift_id], was, becomes))
    return found


def _pinned(pins: Sequence[_Moved], names: RosterNames) -> str:
    is_on = pins[0].becomes is not None and pins[0].becomes.pinned
    if len(pins) == 1:
        facts = {"shift": shift_name(pins[0].shift), "person": names.person(pins[0].who[1])}
        if is_on:
            return _("Đã ghim %(shift)s của %(person)s: máy giữ nguyên.", **facts)
        return _("Đã bỏ ghim %(shift)s của %(person)s.", **facts)
    return _("Đã ghim %(n)s ca.", n=len(pins)) if is_on else _("Đã bỏ ghim %(n)s ca.", n=len(pins))


def _what(some: Sequence[_Moved], names: RosterNames) -> str:
    if len(some) == 1:
        return _one(some[0], names)
    if _is_swap(some):
        first, second = some
        return _(
            "Đã đổi chéo %(one)s của %(first)s với %(two)s của %(second)s.",
            one=shift_name(first.shift),
            first=names.person(first.who[0]),
            two=shift_name(second.shift),
            second=names.person(second.who[0]),
        )
    people = {who for each in some for who in each.who if who is not None}
    if all(each.becomes is None for each in some):
        return _("Đã bỏ %(n)s ca của %(people)s người.", n=len(some), people=len(people))
    return _("Đã sửa %(n)s ca của %(people)s người.", n=len(some), people=len(people))


def _one(moved: _Moved, names: RosterNames) -> str:
    out, into = moved.who
    facts = {"shift": shift_name(moved.shift), "out": names.person(out), "into": names.person(into)}
    if out is None:
        return _("Đã xếp %(into)s vào %(shift)s.", **facts)
    if into is None:
        return _("Đã bỏ %(out)s khỏi %(shift)s.", **facts)
    return _("Đã đổi %(shift)s từ %(out)s sang %(into)s.", **facts)


def _is_swap(some: Sequence[_Moved]) -> bool:
    return len(some) == 2 and some[0].who == some[1].who[::-1] and None not in some[0].who


def shift_name(shift: Shift) -> str:
    """The shift by its name and day: "ca đêm 05/02"."""
    return _("ca %(name)s %(day)s", name=shift.template.lower(), day=dm(shift.local_date))


def _even(some: Sequence[_Moved], after: Snapshot) -> str:
    """How even it was, told from how it is: what was gained is given back."""
    even, changes = FairnessPreview(after), dict[int, int]()
    for each in some:
        out, into = each.who
        for who, more in even.change(each.shift, into, out).items():
            changes[who] = changes.get(who, 0) + more
    duty = some[0].shift.duty
    text = told(even.spread(duty, changes), even.spread(duty))
    return f"{text[:1].upper()}{text[1:]}."


def refused(state: Mapping[str, Any]) -> str:
    """Say who changed the first of the seats meanwhile, and whose it is now. ``state``: of the Conflict, with one of
    ``seats`` at least, each with ``by``, ``name`` and ``person`` (a code; None: empty)."""
    first = state["seats"][0]
    facts = {"by": first["by"] or _("Người khác"), "now": first["name"] or ""}
    if first["person"] is None:
        said = _("%(by)s vừa sửa ô này. Ô giờ để trống.", **facts)
    else:
        said = _("%(by)s vừa sửa ô này. Ô giờ là %(now)s.", **facts)
    more = len(state["seats"]) - 1
    return said + " " + _("Và %(n)s ô khác.", n=more) if more else said


def clash(state: Mapping[str, Any], *, back: bool) -> str:
    """Say both versions of the first seat of a step that was changed once more since. ``state``: of the Conflict, its
    ``seats`` with ``name`` and ``pinned`` of now and ``then_name`` and ``then_pinned`` of the step; none: of a shift.
    """
    if not state["seats"]:
        return _("Nhu cầu của ca này đã đổi lần nữa từ đó. Chọn ở bảng bên.")
    first = state["seats"][0]
    facts = {
        "by": first["by"] or _("Người khác"),
        "now": _version(first["name"], first["pinned"]),
        "then": _version(first["then_name"], first["then_pinned"]),
    }
    if back:
        return _("%(by)s sửa ô này sau đó. Ô giờ là %(now)s. Trước đó là %(then)s. Chọn ở bảng bên.", **facts)
    return _("%(by)s sửa ô này sau đó. Ô giờ là %(now)s. Làm lại thì là %(then)s. Chọn ở bảng bên.", **facts)


def _version(name: str | None, pinned: bool) -> str:
    holder = name or _("trống")
    return holder + " (" + _("đã ghim") + ")" if pinned else holder
