"""Who could be put on one shift, best first, each with what that changes or why it may not be. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from core.errors import NotFound
from core.i18n import points
from people import queries as people
from planning.explain.what_if import Rows, together
from planning.fairness_ledger import ledger
from planning.problem import Shift, Staff
from planning.restriction import around
from roster.campaigns.models import Campaign
from roster.draft.edit_plan import NOT_ABOUT_SEATS
from roster.hands import offers
from roster.hands.fairness_preview import FairnessPreview, told
from roster.hands.typed import is_able
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot
from roster.words import labels, sentences
from roster.words.names import names_of
from roster.words.why_not import reason


def people_for_shift(campaign: Campaign, shift_id: int, *, now: datetime) -> list[dict[str, Any]]:
    """People who may serve the shift and are not on it, and those of its unit who may not, with the reason."""
    taken = snapshot.take(campaign.id, now=now)
    problem = taken.problem
    shift = problem.shift_of.get(shift_id)
    if shift is None or not taken.seats[shift_id]:
        raise NotFound("shift.unknown", id=shift_id)
    on = {each.staff_id for each in taken.assignments if each.shift_id == shift_id}
    others = [each for each in problem.staff if each.id not in on]
    able = [each for each in others if is_able(each, shift)]
    strangers = [each for each in others if each.unit == shift.unit and each.duties and not is_able(each, shift)]
    seat, out = offers.seat_for(taken, shift)
    involved = {each.id for each in able} | on
    rows = Rows(*around(problem, involved, [shift_id], taken.assignments))
    facts = _ShiftFacts(taken, shift, seat, out, rows=rows)
    found = [*(_offer(facts, each) for each in able), *(_forbidden(facts, each) for each in strangers)]
    return sorted(found, key=lambda each: (not each["ok"], each["order"], each["name"]))


class _ShiftFacts:
    """What all offers of one shift share."""

    def __init__(self, taken: Snapshot, shift: Shift, seat: int, out: int | None, *, rows: Rows) -> None:
        self.taken, self.shift, self.seat, self.out, self.rows = taken, shift, seat, out, rows
        self.even, self.names = FairnessPreview(taken), names_of(taken.problem)
        self.loads = {line.staff_id: line.load for line in ledger(taken.problem, taken.assignments)}
        self.positions = {
            row.id: row.position for row in people.brief({each.id for each in taken.problem.staff}).values()
        }

    @property
    def past(self) -> bool:
        return self.shift.id in self.taken.fixed

    @property
    def was(self) -> str | None:
        return self.taken.problem.person[self.out].code if self.out is not None else None


def _offer(facts: _ShiftFacts, person: Staff) -> dict[str, Any]:
    shift, rows = facts.shift, facts.rows
    change = together(rows.adding(person.id, shift), rows.passing(shift, facts.out or 0, person.id))
    breaks = [each for each in change.breaks if each.rule not in NOT_ABOUT_SEATS]
    rules = [each.rule for each in breaks]
    before, after = facts.even.moved(shift, facts.out, person.id)
    if facts.past:
        says = _("đã qua và đã ban hành")
    elif breaks:
        says = "; ".join(dict.fromkeys(reason(each) for each in rules))
    else:
        says = " · ".join([_what(facts), told(before, after), *offers.soft(change)])
    why = [sentences.sentence(each, facts.names) for each in breaks]
    order = after + (1 if change.touches else 0)
    law = facts.past or any(each in labels.LAW for each in rules)
    return _line(facts, person, ok=not breaks and not facts.past, law=law, says=says, why=why, order=order)


def _forbidden(facts: _ShiftFacts, person: Staff) -> dict[str, Any]:
    code = "eligibility.duty" if facts.shift.duty not in person.duties else "eligibility.unit"
    return _line(facts, person, ok=False, law=code in labels.LAW, says=reason(code), why=[reason(code)], order=0)


def _line(
    facts: _ShiftFacts, person: Staff, *, ok: bool, law: bool, says: str, why: Sequence[str], order: int
) -> dict[str, Any]:
    return {
        "edits": [{"seat": facts.seat, "person": person.code, "was": facts.was}],
        "letters": points(facts.loads.get(person.id, 0)),
        "duty": facts.shift.duty,
        "kind": facts.positions.get(person.id, ""),
        "name": person.name,
        "night": False,
        "time": person.code,
        "spellings": [person.name, person.code],
        "order": order,
        "ok": ok,
        "law": law,
        "says": says,
        "why": list(why),
    }


def _what(facts: _ShiftFacts) -> str:
    if facts.out is None:
        return _("chỗ còn trống")
    return _("thay %(name)s", name=facts.taken.problem.person[facts.out].name)
