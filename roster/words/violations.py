"""Violations and shortages in the reader's language: names and times, never ids or codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from core.i18n import d, duration, points, span
from roster.planning.outcome import Shortage, Violation
from roster.planning.rules.hours_continuous import HOURS_CONTINUOUS
from roster.words.names import Names
from roster.words.sentences import REASONS, SENTENCES


def sentence(violation: Violation, names: Names) -> str:
    """One violation as a sentence. An unknown rule is told by its code rather than hidden."""
    write = _SENTENCES.get(violation.rule)
    return write(violation, names) if write else violation.rule


def listed(violations: Iterable[Violation], names: Names) -> list[dict[str, Any]]:
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


def shortage(short: Shortage, names: Names) -> str:
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


def reason(code: str, *, lacks_ground: bool = False) -> str:
    """Why a rule keeps somebody off a shift, as the end of "… người": "đang nghỉ phép".

    ``lacks_ground``: that shift by itself is too long on site without one (``Names.lacks_ground``).
    """
    if lacks_ground and code == HOURS_CONTINUOUS.code:
        return _("ca tại chỗ quá dài mà nhu cầu chưa nêu căn cứ (legal_ground)")
    return _REASONS[code]() if code in _REASONS else code


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
    return Violation(row["rule"], row["hard"], row["staff"], ids, row["params"], row["cost"], amount)


def restored_shortage(row: Mapping[str, Any]) -> Shortage:
    """A shortage as a solve run keeps it."""
    return Shortage(row["shift"], row["missing"], {code: tuple(ids) for code, ids in row["reasons"].items()})


def shortage_facts(short: Shortage, names: Names) -> dict[str, Any]:
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


def _first(violation: Violation, names: Names) -> str:
    return names.shift(violation.shift_ids[0]) if violation.shift_ids else ""


def _headcount(v: Violation, names: Names) -> str:
    facts = {"shift": _first(v, names), "present": v.params["present"], "required": v.params["required"]}
    return _("%(shift)s: có %(present)s trên %(required)s người.", **facts)


def _duty(v: Violation, names: Names) -> str:
    duty = names.duties.get(str(v.params["duty"]), str(v.params["duty"]))
    return _("%(person)s không thuộc danh sách %(duty)s.", person=names.person(v.staff_id), duty=duty)


def _unit(v: Violation, names: Names) -> str:
    unit = names.units.get(str(v.params["unit"]), str(v.params["unit"]))
    return _(
        "%(person)s không thuộc %(unit)s hoặc đơn vị trực thuộc, hoặc đã nghỉ việc.",
        person=names.person(v.staff_id),
        unit=unit,
    )


def _absent(v: Violation, names: Names) -> str:
    first, until = (datetime.fromisoformat(str(v.params[key])) for key in ("away_start", "away_end"))
    return _(
        "%(person)s vắng mặt từ %(since)s đến trước %(until)s: %(shift)s.",
        person=names.person(v.staff_id),
        since=d(first),
        until=d(until),
        shift=_first(v, names),
    )


def _no_night(v: Violation, names: Names) -> str:
    return _("%(person)s không trực đêm tại chỗ: %(shift)s.", person=names.person(v.staff_id), shift=_first(v, names))


def _elsewhere(v: Violation) -> str:
    return span(*(datetime.fromisoformat(str(v.params[key])) for key in ("busy_start", "busy_end")))


def _both(v: Violation, names: Names) -> str:
    return _("%(one)s và %(other)s", one=names.shift(v.shift_ids[0]), other=names.shift(v.shift_ids[1]))


def _pair(v: Violation, names: Names) -> str:
    if "busy_start" in v.params:
        return _("%(one)s và ca ở đợt trực khác %(other)s", one=_first(v, names), other=_elsewhere(v))
    return _both(v, names)


def _overlap(v: Violation, names: Names) -> str:
    return _("%(person)s trực trùng giờ: %(shifts)s.", person=names.person(v.staff_id), shifts=_pair(v, names))


def _rest(v: Violation, names: Names) -> str:
    gap, required = (duration(60 * int(v.params[key])) for key in ("gap_minutes", "required_minutes"))
    facts = {"person": names.person(v.staff_id), "required": required, "shifts": _pair(v, names)}
    if not v.params["gap_minutes"]:
        return _("%(person)s không có giờ nghỉ nào, cần ít nhất %(required)s, giữa %(shifts)s.", **facts)
    return _("%(person)s chỉ nghỉ %(gap)s, cần ít nhất %(required)s, giữa %(shifts)s.", gap=gap, **facts)


def _limit(v: Violation, names: Names) -> str:
    return _(
        "%(person)s trực %(count)s ca, nhiều hơn mức %(limit)s ca.",
        person=names.person(v.staff_id),
        count=v.params["count"],
        limit=v.params["limit"],
    )


def _pin(v: Violation, names: Names) -> str:
    return _(
        "%(person)s đã được ghim vào %(shift)s nhưng không còn ở đó.",
        person=names.person(v.staff_id),
        shift=_first(v, names),
    )


def _load(v: Violation, names: Names) -> str:
    facts = {
        "person": names.person(v.staff_id),
        "load": points(int(v.params["load"])),
        "history": points(int(v.params["history"])),
    }
    if "capacity" in v.params:
        share = round(int(v.params["capacity"]) / 100)
        return _(
            "%(person)s gánh %(load)s điểm, gồm %(history)s điểm các Tết trước, phần việc %(share)s phần trăm.",
            share=share,
            **facts,
        )
    return _("%(person)s gánh %(load)s điểm, gồm %(history)s điểm các Tết trước.", **facts)


def _second(v: Violation, names: Names) -> str:
    return _(
        "%(person)s trực %(count)s ca vào Giao thừa và Mùng 1 đến Mùng 3.",
        person=names.person(v.staff_id),
        count=v.params["count"],
    )


def _repeat(v: Violation, names: Names) -> str:
    facts = {"person": names.person(v.staff_id), "shift": _first(v, names)}
    if v.params["peak"] == "giao_thua":
        return _("%(person)s đã trực Giao thừa Tết trước, nay lại trực: %(shift)s.", **facts)
    return _("%(person)s đã trực Mùng 1 Tết trước, nay lại trực: %(shift)s.", **facts)


def _wish_off(v: Violation, names: Names) -> str:
    return _(
        "%(person)s có nguyện vọng nghỉ ngày %(day)s nhưng trực: %(shift)s.",
        person=names.person(v.staff_id),
        day=d(date.fromisoformat(str(v.params["date"]))),
        shift=_first(v, names),
    )


def _wish_on(v: Violation, names: Names) -> str:
    return _(
        "%(person)s có nguyện vọng trực ngày %(day)s nhưng chưa được xếp.",
        person=names.person(v.staff_id),
        day=d(date.fromisoformat(str(v.params["date"]))),
    )


_SENTENCES: dict[str, Callable[[Violation, Names], str]] = {
    **SENTENCES,
    "coverage.headcount": _headcount,
    "eligibility.duty": _duty,
    "eligibility.unit": _unit,
    "absence.away": _absent,
    "protected.no_night": _no_night,
    "overlap.shifts": _overlap,
    "rest.between_shifts": _rest,
    "limits.max_shifts": _limit,
    "pins.kept": _pin,
    "fairness.load": _load,
    "peaks.second": _second,
    "peaks.repeat": _repeat,
    "wishes.off": _wish_off,
    "wishes.on": _wish_on,
}

_REASONS: dict[str, Callable[[], str]] = {
    **REASONS,
    "eligibility.duty": lambda: _("không thuộc danh sách trực loại này"),
    "eligibility.unit": lambda: _("thuộc đơn vị khác"),
    "absence.away": lambda: _("vắng mặt"),
    "protected.no_night": lambda: _("không trực đêm tại chỗ"),
    "overlap.shifts": lambda: _("đang trực ca khác cùng giờ"),
    "rest.between_shifts": lambda: _("chưa nghỉ đủ giữa hai ca"),
    "limits.max_shifts": lambda: _("đã đủ số ca tối đa"),
    "pins.kept": lambda: _("đã được ghim vào ca khác"),
}
