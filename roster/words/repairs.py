"""What keeps seats empty and what would fill them, as sentences: rules that bind, repairs, conflicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from core.i18n import d, duration
from planning.explain.conflicts import Conflict
from planning.explain.facts import RosterFact
from planning.explain.repairs import Repair
from planning.explain.shortage import BindingRule, Explanation
from roster.rulebook.words import rule_name
from roster.words import worth
from roster.words.names import RosterNames
from roster.words.why_not import reason


def headline(found: Explanation) -> str:
    """How many seats are empty and what is proven about that."""
    if not found.missing:
        return _("Mọi ca đều đủ người.")
    n = _("Còn %(n)s lượt trực chưa có người.", n=found.missing)
    if found.free:
        return n + " " + _("%(n)s ca trong số đó đã có người trực được: xếp tiếp, hoặc chọn người.", n=len(found.free))
    if found.is_exact:
        return n + " " + _("Đã chứng minh: với người và quy tắc hiện có, không thể ít hơn.")
    if found.at_least:
        return (
            n
            + " "
            + _(
                "Đã chứng minh: ít nhất %(n)s lượt không thể có người; có thể còn cách phủ phần còn lại.",
                n=found.at_least,
            )
        )
    return n + " " + _("Chưa chứng minh được là không thể ít hơn.")


def binding(each: BindingRule) -> dict[str, Any]:
    """A rule that keeps people off empty seats."""
    facts = {"people": len(each.people), "shifts": each.shifts, "name": rule_name(each.rule)}
    text = _("%(name)s: giữ %(people)s người khỏi %(shifts)s ca còn thiếu.", **facts)
    if each.tight:
        text += " " + _("Chứng minh thiếu người dựa vào mức này của %(n)s người.", n=len(each.tight))
    if each.alone:
        text += " " + _("Ở %(n)s ca, đó là điều duy nhất ngăn ít nhất một người.", n=each.alone)
    return {"rule": each.rule, **facts, "alone": each.alone, "tight": len(each.tight), "text": text}


def repair(each: Repair, names: RosterNames) -> dict[str, Any]:
    """Something to allow, what it brings, and its price."""
    person = names.people.get(each.staff_id or 0, (None,))[0]
    seats = [{"shift": seat.shift_id, "person": names.people.get(seat.staff_id, (None,))[0]} for seat in each.seats]
    gain = _("phủ được %(n)s lượt", n=each.fills)
    facts = {"what": allowed(each, names), "gain": gain, "points": worth.told(each.price)}
    if each.seats and each.fills > len(each.seats):
        text = _(
            "%(what)s: %(n)s lượt ngay, giá %(points)s; tới %(most)s lượt khi đổi chỗ người khác.",
            n=len(each.seats),
            most=each.fills,
            **facts,
        )
    elif each.seats:
        text = _("%(what)s: %(gain)s, giá %(points)s.", **facts)
    else:
        text = _("%(what)s: %(gain)s khi đổi chỗ người khác, giá từ %(points)s.", **facts)
    return {
        "kind": each.kind,
        "rule": each.rule,
        "person": person,
        "days": [on.isoformat() for on in each.days],
        "duty": each.duty or None,
        "unit": each.unit or None,
        "was": each.was,
        "now": each.now,
        "seats": seats,
        "fills": each.fills,
        "price": each.price / 100,
        "text": text,
    }


def allowed(each: Repair, names: RosterNames) -> str:
    """Return what a repair asks people to allow: "Cho phép anh Đức trực 2 đêm liền"."""
    person, duty = names.person(each.staff_id), names.duties.get(each.duty, each.duty)
    unit = names.units.get(each.unit, each.unit)
    if each.kind == "rule":
        return _("Đặt quy tắc “%(rule)s” thành mềm cho cả đợt", rule=rule_name(each.rule))
    if each.kind == "leave":
        return _("Đề nghị %(person)s dời ngày nghỉ %(days)s", person=person, days=", ".join(d(on) for on in each.days))
    if each.kind == "help":
        return _("Cử %(person)s hỗ trợ %(unit)s", person=person, unit=unit)
    if each.kind == "qualify":
        return _("Đưa %(person)s vào danh sách %(duty)s", person=person, duty=duty)
    if each.kind == "hire":
        return _("Thêm một người vào danh sách %(duty)s của %(unit)s", duty=duty, unit=unit)
    if each.rule == "rest.between_shifts" and each.now == 0:
        return _("Cho phép %(person)s trực hai ca liền nhau, không có giờ nghỉ", person=person)
    write = _BEYOND.get(each.rule)
    if write is None or each.was is None or each.now is None:
        return _("Chấp nhận ngoại lệ với %(person)s ở quy tắc “%(rule)s”", person=person, rule=rule_name(each.rule))
    return write(person, each.was, each.now)


def _count(write: Callable[..., str]) -> Callable[[str, int, int], str]:
    return lambda person, was, now: write(person=person, was=was, now=now)


def _time(write: Callable[..., str]) -> Callable[[str, int, int], str]:
    return lambda person, was, now: write(person=person, was=duration(60 * was), now=duration(60 * now))


_BEYOND: dict[str, Callable[[str, int, int], str]] = {
    "nights.in_a_row": _count(lambda **x: _("Cho phép %(person)s trực %(now)s đêm liền (mức %(was)s)", **x)),
    "nights.most": _count(lambda **x: _("Cho phép %(person)s trực %(now)s đêm trong đợt (mức %(was)s)", **x)),
    "runs.max_days": _count(lambda **x: _("Cho phép %(person)s trực %(now)s ngày liền (mức %(was)s)", **x)),
    "weekends.most": _count(lambda **x: _("Cho phép %(person)s trực %(now)s cuối tuần (mức %(was)s)", **x)),
    "limits.max_shifts": _count(lambda **x: _("Cho phép %(person)s trực %(now)s ca (mức %(was)s)", **x)),
    "limits.per_day": _count(lambda **x: _("Cho phép %(person)s trực %(now)s ca một ngày (mức %(was)s)", **x)),
    "limits.template": _count(lambda **x: _("Cho phép %(person)s trực %(now)s ca cùng tên (mức %(was)s)", **x)),
    "hours.continuous": _time(lambda **x: _("Cho phép %(person)s trực liền %(now)s (mức %(was)s)", **x)),
    "hours.rolling": _time(lambda **x: _("Cho phép %(person)s trực %(now)s trong 24 giờ (mức %(was)s)", **x)),
    "hours.day": _time(lambda **x: _("Cho phép %(person)s làm %(now)s trong một ngày (mức %(was)s)", **x)),
    "hours.week": _time(lambda **x: _("Cho phép %(person)s làm %(now)s trong 7 ngày (mức %(was)s)", **x)),
    "hours.month": _time(lambda **x: _("Cho phép %(person)s làm thêm %(now)s một tháng (mức %(was)s)", **x)),
    "hours.year": _time(lambda **x: _("Cho phép %(person)s làm thêm %(now)s một năm (mức %(was)s)", **x)),
    "hours.total": _time(lambda **x: _("Cho phép %(person)s trực %(now)s cả đợt (mức %(was)s)", **x)),
    "rest.between_shifts": _time(lambda **x: _("Cho phép %(person)s nghỉ %(now)s giữa hai ca (mức %(was)s)", **x)),
    "rest.weekly": _time(lambda **x: _("Cho phép %(person)s nghỉ liền %(now)s trong tuần (mức %(was)s)", **x)),
}


def verdict(found: Conflict | None, seconds: int) -> str:
    """Return what a set of facts is, or that none was found."""
    if found is None:
        return _(
            "Đã tìm tối đa %(n)s giây mà chưa chứng minh được mâu thuẫn nào: xếp tiếp lâu hơn có thể có người.",
            n=seconds,
        )
    if found.is_irreducible:
        return _("Những điều sau không thể cùng giữ; bỏ bất kỳ điều nào thì xếp được. Đã giải riêng để kiểm lại.")
    return _(
        "Không tìm được tập nhỏ nhất trong %(n)s giây. Những điều sau đã mâu thuẫn, nhưng có thể còn thừa.", n=seconds
    )


def fact(each: RosterFact, found: Conflict, names: RosterNames, headcounts: Mapping[int, int]) -> str:
    """One fact of a conflict. ``headcounts``: shift → people that it needs; the proof may ask for fewer."""
    person, shift = names.person(each.staff_id), names.shift(each.shift_id or 0)
    if each.kind == "cover":
        return _cover(shift, each.shift_id or 0, found, headcounts)
    if each.kind == "absence" and each.on is not None:
        return _("%(person)s vắng mặt ngày %(day)s", person=person, day=d(each.on))
    if each.kind == "pin":
        return _("%(person)s được ghim vào %(shift)s", person=person, shift=shift)
    if each.kind == "protected":
        return _("%(person)s %(why)s", person=person, why=reason(each.rule))
    if each.kind == "own":
        return _("Mức riêng của %(person)s: %(rule)s", person=person, rule=rule_name(each.rule))
    return _("Quy tắc “%(rule)s”", rule=rule_name(each.rule))


def _cover(shift: str, shift_id: int, found: Conflict, headcounts: Mapping[int, int]) -> str:
    whole = headcounts.get(shift_id, 1)
    number = found.asked.get(shift_id, whole)
    if number >= whole:
        return _("%(shift)s cần %(n)s người", shift=shift, n=number)
    if shift_id == found.shift_id:
        return _("%(shift)s cần thêm 1 người, tức %(n)s trong %(all)s người", shift=shift, n=number, all=whole)
    return _("%(shift)s giữ đủ %(n)s người như đang có (trong %(all)s người)", shift=shift, n=number, all=whole)


def told(found: Conflict, names: RosterNames, headcounts: Mapping[int, int]) -> list[str]:
    """The facts of a conflict for a page: those away on the same day, and those protected alike, in one sentence."""
    groups: dict[tuple[str, object], list[RosterFact]] = {}
    for each in found.facts:
        alike = each.on if each.kind == "absence" else each.rule if each.kind == "protected" else each
        groups.setdefault((each.kind, alike), []).append(each)
    return [_together(group, found, names, headcounts) for group in groups.values()]


def _together(group: Sequence[RosterFact], found: Conflict, names: RosterNames, headcounts: Mapping[int, int]) -> str:
    first, people = group[0], ", ".join(names.person(each.staff_id) for each in group)
    if len(group) == 1:
        return fact(first, found, names, headcounts)
    if first.on is not None:
        return _("%(n)s người vắng mặt ngày %(day)s: %(people)s", n=len(group), day=d(first.on), people=people)
    return _("%(n)s người %(why)s: %(people)s", n=len(group), why=reason(first.rule), people=people)


def fact_facts(each: RosterFact, found: Conflict, names: RosterNames, headcounts: Mapping[int, int]) -> dict[str, Any]:
    """One fact of a conflict as the API shows it."""
    return {
        "kind": each.kind,
        "shift": each.shift_id,
        "person": names.people.get(each.staff_id or 0, (None,))[0],
        "rule": each.rule or None,
        "on": each.on,
        "text": fact(each, found, names, headcounts),
    }
