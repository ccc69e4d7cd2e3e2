"""Violations and shortages in the reader's language: names and times, never ids or codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from planning.outcome import Shortage, Violation
from roster.words.names import RosterNames
from roster.words.sentences import sentence
from roster.words.why_not import reason


def listed(violations: Iterable[Violation], names: RosterNames) -> list[dict[str, Any]]:
    """Violations as the API shows them: rule code, hardness, person code, shift ids, facts and the sentence."""
    return [
        {
            "rule": each.rule,
            "hard": each.hard,
            "person": names.people.get(each.staff_id or 0, (None,))[0],
            "shifts": list(each.shift_ids),
            "params": dict(each.params),
            "text": sentence(each, names),
        }
        for each in violations
    ]


def shortage(short: Shortage, names: RosterNames) -> str:
    """Why a seat stays empty: which rule keeps how many people away."""
    lacks = names.lacks_ground(short.shift_id)
    reasons = [
        _("%(n)s người %(why)s", n=len(ids), why=reason(code, lacks_ground=lacks))
        for code, ids in sorted(short.reasons.items(), key=lambda item: -len(item[1]))
        if ids
    ]
    if short.reasons and not reasons:  # a plan with too many empty seats to look at each
        return _("%(shift)s: còn thiếu %(n)s người.", shift=names.shift(short.shift_id), n=short.missing)
    told = "; ".join(reasons) or _("không có ai đủ điều kiện trực")
    return _(
        "%(shift)s: còn thiếu %(n)s người (%(why)s).", shift=names.shift(short.shift_id), n=short.missing, why=told
    )


def stored(violation: Violation) -> dict[str, Any]:
    """A violation as JSON keeps it; :func:`restored` reads it back."""
    return {
        "rule": violation.rule,
        "hard": violation.hard,
        "staff": violation.staff_id,
        "cost": violation.cost,
        "shifts": list(violation.shift_ids),
        "params": dict(violation.params),
        "amount": violation.amount,
    }


def restored(row: Mapping[str, Any]) -> Violation:
    ids, amount = tuple(row["shifts"]), row.get("amount", 1)  # runs of earlier releases keep no amount
    return Violation(
        rule=row["rule"],
        hard=row["hard"],
        staff_id=row["staff"],
        shift_ids=ids,
        params=row["params"],
        cost=row["cost"],
        amount=amount,
    )


def restored_shortage(row: Mapping[str, Any]) -> Shortage:
    """A shortage as a solve run keeps it."""
    return Shortage(row["shift"], row["missing"], {code: tuple(ids) for code, ids in row["reasons"].items()})


def shortage_facts(short: Shortage, names: RosterNames) -> dict[str, Any]:
    """A shortage as the API shows it, with codes of people by the rule that keeps them away."""
    reasons = {
        code: [names.people[each][0] for each in ids if each in names.people] for code, ids in short.reasons.items()
    }
    return {"shift": short.shift_id, "missing": short.missing, "reasons": reasons, "text": shortage(short, names)}


def mentioned(violations: Iterable[Violation], shortages: Iterable[Shortage]) -> tuple[set[int], set[int]]:
    """Ids of the shifts and of the people that these speak of."""
    shifts = {each for violation in violations for each in violation.shift_ids}
    staff = {violation.staff_id for violation in violations if violation.staff_id is not None}
    for short in shortages:
        shifts.add(short.shift_id)
        staff |= {each for ids in short.reasons.values() for each in ids}
    return shifts, staff
