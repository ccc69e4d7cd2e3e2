"""Why this person, who else, who could cover: the answers of the engine as sentences, with names and points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from core.i18n import points
from planning.explain.substitutes import Cover
from planning.explain.who_else import Candidate, Why
from roster.rulebook.words import rule_name
from roster.words import worth
from roster.words.names import RosterNames
from roster.words.sentences import sentence
from roster.words.why_not import reason


def signed(hundredths: int) -> str:
    """A change of cost in points, with its sign: +12,5."""
    return f"{'+' if hundredths > 0 else '−' if hundredths < 0 else ''}{points(abs(hundredths))}"


def cost(hundredths: int) -> str:
    """Return what a change costs, in words."""
    if not hundredths:
        return _("chi phí không đổi")
    if hundredths > 0:
        return _("chi phí tăng %(points)s", points=worth.told(hundredths))
    return _("chi phí giảm %(points)s", points=worth.told(-hundredths))


def parts(costs: Mapping[str, int]) -> list[str]:
    """The change of cost by rule, the largest first: "Công bằng theo điểm +12,5"."""
    ordered = sorted(costs.items(), key=lambda item: (-abs(item[1]), item[0]))
    return [f"{rule_name(code)} {signed(change)}" for code, change in ordered]


def candidate(each: Candidate, names: RosterNames) -> dict[str, Any]:
    """One candidate as the API and the page show it."""
    return {
        "person": names.people[each.staff_id][0],
        "name": names.people[each.staff_id][1],
        "breaks": _breaks(each, names),
        "notes": [sentence(v, names) for v in each.touches],
        "cost_change": each.cost_change / 100,
        "costs": _costs(each.costs),
        "text": _candidate_text(each),
    }


def against(each: Candidate, own: Candidate | None) -> dict[str, Any]:
    """Return what the choice costs more or less than who sits there now, rule by rule: the parts add up to the
    whole."""
    now = own.costs if own else {}
    changes = {code: each.costs.get(code, 0) - now.get(code, 0) for code in {*each.costs, *now}}
    whole = each.cost_change - (own.cost_change if own else 0)
    return {"against": cost(whole), "costs": _costs({code: change for code, change in changes.items() if change})}


def _costs(costs: Mapping[str, int]) -> list[dict[str, Any]]:
    """By rule, the largest change first."""
    ordered = sorted(costs.items(), key=lambda item: (-abs(item[1]), item[0]))
    return [{"rule": code, "name": rule_name(code), "change": change / 100} for code, change in ordered]


def _breaks(each: Candidate | Cover, names: RosterNames) -> list[dict[str, str]]:
    return [{"rule": v.rule, "text": sentence(v, names)} for v in each.breaks]


def _candidate_text(each: Candidate) -> str:
    found = parts(each.costs)
    told = cost(each.cost_change) + (f" ({', '.join(found)})" if found else "")
    if not each.breaks:
        return _("Không vi phạm quy tắc bắt buộc; %(cost)s.", cost=told)
    return _("Vi phạm %(n)s quy tắc bắt buộc; %(cost)s.", n=len(each.codes), cost=told)


def why(found: Why, names: RosterNames, shift_id: int, *, published: bool = False) -> list[str]:
    """Why the person has the seat on the shift, the weightiest reason first; nobody else is named but the next best.

    ``published``: the answer is about the roster that was signed.
    """
    lacks = names.lacks_ground(shift_id)
    told = [_("Người này đã được ghim vào ca.")] if found.pinned else []
    if found.own.breaks:
        told.append(_("Đang trái quy tắc: %(rules)s.", rules=", ".join(rule_name(code) for code in found.own.codes)))
    told.append(_against_next(found, names))
    told += [
        _("%(n)s người có chi phí thấp hơn nhưng %(why)s.", n=len(ids), why=reason(code, lacks_ground=lacks))
        for code, ids in sorted(found.kept_away.items(), key=lambda item: -len(item[1]))
    ]
    if found.own.costs:
        told.append(_("Ca này cộng vào chi phí của người trực: %(parts)s.", parts=", ".join(parts(found.own.costs))))
    return [*told, *_which_roster(published)]


def own_why(found: Why, *, published: bool = False) -> list[str]:
    """The same for the person who asks about a seat of their own, and hears of nobody else: how many others could
    take it says, in a small group, who is on leave. "Vì sao là tôi?" tells of them what may be told."""
    told = [_("Đồng chí đã được ghim vào ca này.")] if found.pinned else []
    if found.own.costs:
        told.append(_("Ca này cộng vào chi phí của đồng chí: %(parts)s.", parts=", ".join(parts(found.own.costs))))
    return [*told, *_which_roster(published)]


def _which_roster(published: bool) -> list[str]:
    return [_("Trả lời theo lịch đã ban hành.")] if published else []


def _against_next(found: Why, names: RosterNames) -> str:
    if found.next_best is None or found.regret is None:
        return _("Không còn ai khác trực được ca này mà không vi phạm quy tắc bắt buộc.")
    person = names.person(found.next_best.staff_id)
    if found.regret > 0:
        return _(
            "Đổi sang người phù hợp nhất tiếp theo, %(person)s, thì chi phí tăng %(points)s.",
            person=person,
            points=worth.told(found.regret),
        )
    if found.regret == 0:
        return _("%(person)s trực ca này cũng được, chi phí như nhau.", person=person)
    return _(
        "Chỉ xét riêng ca này thì đổi sang %(person)s làm chi phí giảm %(points)s.",
        person=person,
        points=worth.told(-found.regret),
    )


def cover(each: Cover, names: RosterNames) -> dict[str, Any]:
    """One way to cover an absence as the API and the page show it."""
    return {
        "moves": [
            {"shift": move.shift_id, "out": names.people[move.out][0], "in": names.people[move.into][0]}
            for move in each.moves
        ],
        "breaks": _breaks(each, names),
        "notes": [sentence(v, names) for v in each.touches],
        "distance": each.distance,
        "cost_change": each.cost_change / 100,
        "costs": [{"rule": c, "name": rule_name(c), "change": n / 100} for c, n in sorted(each.costs.items())],
        "text": "; ".join(_move(number, each, names) for number in range(len(each.moves))) + ".",
        "near": near(each.distance),
        "cost": cost(each.cost_change),
    }


def _move(number: int, each: Cover, names: RosterNames) -> str:
    move = each.moves[number]
    if number == 0:
        return _("%(into)s trực thay %(out)s", into=names.person(move.into), out=names.person(move.out))
    return _(
        "%(into)s nhận %(shift)s của %(out)s",
        into=names.person(move.into),
        shift=names.shift(move.shift_id),
        out=names.person(move.out),
    )


def passing(each: Cover, names: RosterNames) -> list[str]:
    """The moves after the first: who takes over which shift from whom."""
    return [_move(number, each, names) for number in range(1, len(each.moves))]


def near(steps: int) -> str:
    """How far a unit is in the tree of units."""
    if not steps:
        return _("cùng đơn vị")
    return _("cách %(n)s cấp đơn vị", n=steps)
