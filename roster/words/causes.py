"""Why seats stay empty, by cause, what would fill them and at what price, as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _

from core.i18n import d, duration
from planning.explain.causes import FREE, NOBODY, Cause, EmptySeatCase, JointRemedies
from planning.explain.remedies import Remedy
from planning.problem import Problem, Shift
from planning.rules import RULE_OF
from roster.rulebook.words import rule_name, unit_name
from roster.words.names import RosterNames

NAMED = 3  # people who are named before the rest is counted
SIBLING = 2  # steps in the tree between two units under the same one


def cause_title(cause: Cause) -> str:
    if cause.rule == FREE:
        return _("Có người trực được ngay")
    if cause.rule == NOBODY:
        return _("Không có ai trong danh sách trực")
    if cause.rule == "absence.away":
        return _("Nghỉ phép, vắng mặt trùng ca")
    limit = next((each for each in cause.remedies if each.rule == cause.rule and each.was is not None), None)
    if limit is None:
        return rule_name(cause.rule)
    return _("%(rule)s: mức %(most)s", rule=rule_name(cause.rule), most=amount(limit.rule, limit.was or 0))


def cause_facts(cause: Cause, problem: Problem) -> str:
    """ "12 đơn vị · 38 lượt, 04/02 đến 08/02"."""
    shifts = [problem.shift_of[shift_id] for shift_id in cause.seats]
    days = sorted(shift.local_date for shift in shifts)
    when = d(days[0]) if days[0] == days[-1] else _("%(first)s đến %(last)s", first=d(days[0]), last=d(days[-1]))
    units = len({shift.unit for shift in shifts})
    return _("%(units)s đơn vị · %(n)s lượt, %(when)s", units=units, n=cause.count, when=when)


def remedy_title(each: Remedy, problem: Problem, names: RosterNames) -> str:
    """Return what is allowed."""
    if each.kind == "ground":
        return _("Nêu căn cứ cho ca tại chỗ dài ở dòng nhu cầu, hoặc chia ca")
    if each.kind == "free":
        return _("Xếp những người trực được ngay")
    if each.kind == "limit":
        was, now = each.was or 0, each.now or 0
        facts = {"rule": rule_name(each.rule), "was": amount(each.rule, was), "now": amount(each.rule, now)}
        if now > was:
            return _("Nâng mức “%(rule)s” từ %(was)s lên %(now)s", **facts)
        return _("Hạ mức “%(rule)s” từ %(was)s xuống %(now)s", **facts)
    if each.kind == "soft":
        return _("Đặt quy tắc “%(rule)s” thành mềm cho cả đợt", rule=rule_name(each.rule))
    if each.kind == "help":
        return _("Mượn người của đơn vị khác")
    if each.asks_less:
        units = len({problem.shift_of[shift_id].unit for shift_id in each.dropped})
        if each.kind == "less":
            return _("Giảm nhu cầu: bớt %(n)s lượt ở %(units)s đơn vị", n=each.count, units=units)
        return _("Bỏ trống %(n)s lượt trực bắt buộc ở %(units)s đơn vị", n=each.count, units=units)
    if each.kind == "leave":
        return _("Xin %(people)s dời ngày nghỉ", people=people_named(each.people, names))
    duties = sorted({problem.shift_of[seat.shift_id].duty for seat in each.fills})
    listed = ", ".join(names.duties.get(duty, duty) for duty in duties)
    return _("Đưa thêm %(n)s người vào danh sách %(duty)s", n=len(each.people), duty=listed)


def remedy_facts(each: Remedy, names: RosterNames) -> str:
    """Return what must be true for it."""
    people = len(each.people)
    if each.kind == "ground":
        return _("lời của đơn vị, được in kèm lịch; rồi tạo lại đợt trực: dự thảo đã có giữ nhu cầu lúc tạo")
    if each.kind == "free":
        return _("%(n)s người, không đụng quy tắc nào", n=people)
    if each.kind == "limit":
        return _limit_facts(each)
    if each.kind == "soft":
        return _("quy tắc của đơn vị, không phải của luật; %(n)s người sẽ vượt", n=people)
    if each.kind == "help":
        far = _("cùng đơn vị cấp trên") if each.steps <= SIBLING else _("có người ở khu vực khác")
        return _("%(n)s người đi, %(far)s; hỏi từng người", n=people, far=far)
    if each.kind == "less":
        return _("chỉ đợt này, hoàn tác được; chỗ vẫn giữ, ai trực được thì vẫn xếp")
    if each.kind == "bare":
        return _("loại trực này không được để trống: giờ đó không ai trực, ban hành phải nêu lý do")
    if each.kind == "leave":
        return _("chỉ xin, không tự hủy ngày nghỉ của ai")
    return people_named(each.people, names)


def _limit_facts(each: Remedy) -> str:
    people = len(each.people)
    if each.rule in ("hours.month", "hours.year"):
        consent = _("%(n)s người vượt mức cũ, phải đồng ý bằng văn bản", n=people)
    else:
        consent = _("%(n)s người vượt mức cũ", n=people)
    if each.law is None:
        return _("%(consent)s; mức của đơn vị, luật không định số này", consent=consent)
    if each.now == each.law:
        return _("%(consent)s; đây là mức tối đa của luật", consent=consent)
    return _("%(consent)s; luật cho tới %(law)s", consent=consent, law=amount(each.rule, each.law))


def price(each: Remedy, problem: Problem) -> tuple[str, str]:
    """(the price, what it is beside)."""
    if each.kind == "ground" and not each.fills:
        return _("chưa đủ một mình"), _("còn vướng điều khác")
    if each.asks_less:
        return _less_price(each, problem)
    hours = _("+%(time)s làm thêm", time=duration(60 * each.minutes)) if each.minutes else _("không thêm giờ")
    if each.kind == "help":
        return _("%(n)s chuyến", n=len(each.fills)), hours
    if each.kind == "leave":
        return _("%(n)s ngày nghỉ", n=len(each.days)), _("hỏi %(n)s người", n=len(each.people))
    if each.kind == "list":
        return _("%(n)s người", n=len(each.people)), _("cần tập huấn, ghi danh sách")
    return hours, _("%(n)s người", n=len(each.people))


def _less_price(each: Remedy, problem: Problem) -> tuple[str, str]:
    """Hours of duty that nobody does, and shifts that are left with nobody."""
    minutes = sum(problem.shift_of[shift_id].minutes * number for shift_id, number in each.dropped.items())
    bare = sum(problem.shift_of[shift_id].headcount == number for shift_id, number in each.dropped.items())
    left = _("%(n)s ca không còn ai", n=bare) if bare else _("ca nào cũng còn người")
    return _("bớt %(time)s trực", time=duration(60 * minutes)), left


def dropped_lines(each: Remedy, problem: Problem, names: RosterNames) -> list[str]:
    """Return which shifts need fewer people: "Bưu cục 1.1 · Ứng cứu: 05/02, 07/02 (2 lượt)", by unit."""
    found: dict[tuple[str, str, str], list[Shift]] = {}
    for shift_id in each.dropped:
        shift = problem.shift_of[shift_id]
        found.setdefault((names.units.get(shift.unit, shift.unit), shift.template, shift.duty), []).append(shift)
    return [
        _(
            "%(unit)s · %(duty)s %(shift)s: %(days)s",
            unit=unit,
            duty=names.duties.get(duty, duty),
            shift=template,
            days=", ".join(d(on) for on in sorted({shift.local_date for shift in shifts})),
        )
        for (unit, template, duty), shifts in sorted(found.items(), key=lambda item: item[0])
    ]


def warning_of(chosen: JointRemedies) -> str:
    """Said loudly: what is chosen leaves an obligatory kind of duty with nobody. Empty where it does not."""
    if not chosen.bare:
        return ""
    return _(
        "%(n)s ca trực bắt buộc (lãnh đạo, điều hành, ứng cứu) sẽ không có ai: sự cố giờ đó lên đơn vị cấp trên, và "
        "không ban hành được nếu không nêu lý do.",
        n=len(chosen.bare),
    )


def sum_of(chosen: JointRemedies, total: int) -> str:
    """Hours, trips and people to ask of all that is chosen."""
    parts = [_("Phủ %(n)s/%(all)s", n=len(chosen.fills), all=total)]
    if chosen.minutes:
        parts.append(_("+%(time)s làm thêm", time=duration(60 * chosen.minutes)))
    if chosen.helping:
        parts.append(_("%(n)s chuyến", n=len(chosen.helping)))
    if chosen.asked:
        parts.append(_("hỏi %(n)s người", n=len(chosen.asked)))
    if chosen.dropped:
        parts.append(_("bớt nhu cầu %(n)s lượt", n=sum(chosen.dropped.values())))
    return " · ".join(parts)


def amount(code: str, number: int) -> str:
    """A limit in the unit of its rule."""
    unit = RULE_OF[code].parameters[0].unit
    return duration(60 * number) if unit == "minutes" else _("%(n)s %(unit)s", n=number, unit=unit_name(unit))


def people_named(ids: Sequence[int], names: RosterNames) -> str:
    told = ", ".join(names.person(each) for each in ids[:NAMED])
    return _("%(people)s và %(n)s người nữa", people=told, n=len(ids) - NAMED) if len(ids) > NAMED else told


def by_unit(case: EmptySeatCase, chosen: JointRemedies, names: RosterNames) -> list[dict[str, Any]]:
    """Units with empty seats, the worst first: how many by cause, and before and after what is chosen."""
    unit_of = {gap.shift.id: gap.shift.unit for gap in case.gaps}
    counts: dict[str, Counter[str]] = {}
    for cause in case.causes:
        for shift_id, missing in cause.seats.items():
            counts.setdefault(unit_of[shift_id], Counter())[cause.rule] += missing
    gone = Counter(unit_of[seat.shift_id] for seat in chosen.fills)
    for shift_id, number in chosen.dropped.items():
        gone[unit_of[shift_id]] += number
    rows = [
        {"name": names.units.get(unit, unit), "by": of, "before": of.total(), "after": of.total() - gone[unit]}
        for unit, of in counts.items()
    ]
    return sorted(rows, key=lambda row: (-row["before"], row["name"]))


def summed(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The rows as one."""
    found: dict[str, Any] = {"by": Counter(), "before": 0, "after": 0}
    for row in rows:
        found["by"] += row["by"]
        found["before"] += row["before"]
        found["after"] += row["after"]
    return found
