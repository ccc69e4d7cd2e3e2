"""Sentences about hours, runs, limits and pairs; the rest of ``roster.words.violations``, which others import."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask_babel import gettext as _

from core.i18n import d, dm, duration
from roster.planning.outcome import Violation
from roster.words.names import Names

Write = Callable[[Violation, Names], str]


def _time(minutes: int | str) -> str:
    return duration(60 * int(minutes))


def _day(text: int | str) -> date:
    return date.fromisoformat(str(text))


def _since_until(v: Violation) -> dict[str, str]:
    return {"since": dm(_day(v.params["from"])), "until": d(_day(v.params["to"]))}


def _first(v: Violation, names: Names) -> str:
    return names.shift(v.shift_ids[0]) if v.shift_ids else ""


def _skills(v: Violation, names: Names) -> str:
    return _(
        "%(shift)s: có %(present)s trên %(required)s người biết %(skill)s.",
        shift=_first(v, names),
        present=v.params["present"],
        required=v.params["required"],
        skill=v.params["skill"],
    )


def _wanted(v: Violation, names: Names) -> str:
    return _(
        "%(shift)s: có %(present)s người, mong muốn %(wanted)s.",
        shift=_first(v, names),
        present=v.params["present"],
        wanted=v.params["wanted"],
    )


def _place(v: Violation, names: Names) -> str:
    return _(
        "%(person)s không làm việc tại nơi trực: %(shift)s.", person=names.person(v.staff_id), shift=_first(v, names)
    )


def _no_overtime(v: Violation, names: Names) -> str:
    return _(
        "%(person)s không làm thêm giờ, ngày này phát sinh %(time)s: %(shift)s.",
        person=names.person(v.staff_id),
        time=_time(v.params["minutes"]),
        shift=_first(v, names),
    )


def _ordinary(v: Violation, names: Names) -> str:
    facts = {"person": names.person(v.staff_id), "day": d(_day(v.params["date"])), "shift": _first(v, names)}
    if "overlap" in v.params:
        return _("%(person)s trực trùng giờ làm việc thường ngày %(day)s: %(shift)s.", **facts)
    facts |= {"gap": _time(v.params["gap_minutes"]), "required": _time(v.params["required_minutes"])}
    if not v.params["gap_minutes"]:
        return _(
            "%(person)s không có giờ nghỉ nào so với giờ làm việc thường ngày %(day)s, cần ít nhất %(required)s: "
            "%(shift)s.",
            **facts,
        )
    return _(
        "%(person)s chỉ cách giờ làm việc thường ngày %(day)s %(gap)s, cần ít nhất %(required)s: %(shift)s.", **facts
    )


def _weekly_rest(v: Violation, names: Names) -> str:
    facts = {"person": names.person(v.staff_id), "day": d(_day(v.params["week"]))}
    facts |= {"longest": _time(v.params["longest_minutes"]), "required": _time(v.params["required_minutes"])}
    if not v.params["longest_minutes"]:
        return _("%(person)s trong tuần từ %(day)s không có giờ nghỉ nào, cần nghỉ liền ít nhất %(required)s.", **facts)
    return _("%(person)s trong tuần từ %(day)s chỉ nghỉ liền được %(longest)s, cần ít nhất %(required)s.", **facts)


def _continuous(v: Violation, names: Names) -> str:
    facts = {
        "person": names.person(v.staff_id),
        "time": _time(v.params["minutes"]),
        "limit": _time(v.params["limit"]),
        "shift": names.shift(v.shift_ids[-1]),
    }
    if len(v.shift_ids) > 1:
        return _(
            "%(person)s trực tại chỗ liền %(time)s, tính cả ca liền kề, mức cho phép %(limit)s: %(shift)s. Giãn các "
            "ca ra, hoặc xếp người khác vào một ca.",
            **facts,
        )
    if not names.lacks_ground(v.shift_ids[0]):  # longer than their own limit, not than that of the campaign
        return _(
            "%(person)s trực tại chỗ liền %(time)s, mức cho phép %(limit)s: %(shift)s. Xếp người khác vào ca này.",
            **facts,
        )
    return _(
        "%(person)s trực tại chỗ liền %(time)s, mức cho phép %(limit)s: %(shift)s. Chia ca, đổi hình thức trực, hoặc "
        "nêu căn cứ (legal_ground) ở nhu cầu rồi tạo lại đợt trực: dự thảo đã có giữ nhu cầu lúc tạo.",
        **facts,
    )


def _rolling(v: Violation, names: Names) -> str:
    start = int(v.params["start"])
    return _(
        "%(person)s trực tại chỗ %(time)s trong 24 giờ từ %(start)s ngày %(day)s, mức cho phép %(limit)s. Giãn ca "
        "hoặc, nếu là một ca dài, nêu căn cứ (legal_ground) ở nhu cầu rồi tạo lại đợt trực: dự thảo đã có giữ "
        "nhu cầu lúc tạo.",
        person=names.person(v.staff_id),
        time=_time(v.params["minutes"]),
        limit=_time(v.params["limit"]),
        day=d(_day(v.params["date"])),
        start=f"{start // 60:02d}:{start % 60:02d}",
    )


def _standby(v: Violation, names: Names) -> str:
    facts = {"person": names.person(v.staff_id), "one": _first(v, names), "other": names.shift(v.shift_ids[-1])}
    if not v.params["gap_minutes"]:
        return _(
            "%(person)s trực tại nhà hai lượt liền nhau: %(one)s; %(other)s. Nếu bị gọi ra, giờ đó là giờ làm việc.",
            **facts,
        )
    return _(
        "%(person)s trực tại nhà hai lượt cách nhau %(gap)s: %(one)s; %(other)s. Nếu bị gọi ra, giờ đó là giờ làm "
        "việc.",
        gap=_time(v.params["gap_minutes"]),
        **facts,
    )


def _hours_day(v: Violation, names: Names) -> str:
    return _(
        "%(person)s làm và trực %(time)s trong ngày %(day)s, mức cho phép %(limit)s.",
        person=names.person(v.staff_id),
        day=d(_day(v.params["date"])),
        time=_time(v.params["minutes"]),
        limit=_time(v.params["limit"]),
    )


def _hours_week(v: Violation, names: Names) -> str:
    return _(
        "%(person)s làm và trực %(time)s từ %(since)s đến %(until)s, mức cho phép %(limit)s.",
        person=names.person(v.staff_id),
        time=_time(v.params["minutes"]),
        limit=_time(v.params["limit"]),
        **_since_until(v),
    )


def _overtime(v: Violation, names: Names) -> str:
    facts = {
        "person": names.person(v.staff_id),
        "time": _time(v.params["minutes"]),
        "limit": _time(v.params["limit"]),
        "before": _time(v.params["before"]),
    }
    if "year" in v.params:
        year = v.params["year"]
        return _(
            "%(person)s làm thêm %(time)s trong năm %(year)s (%(before)s trước đợt trực), mức cho phép %(limit)s.",
            year=year,
            **facts,
        )
    month = "/".join(reversed(str(v.params["month"]).split("-")))
    return _(
        "%(person)s làm thêm %(time)s trong tháng %(month)s (%(before)s trước đợt trực), mức cho phép %(limit)s.",
        month=month,
        **facts,
    )


def _total(v: Violation, names: Names) -> str:
    facts = {"person": names.person(v.staff_id), "time": _time(v.params["minutes"])}
    if "least" in v.params:
        return _("%(person)s trực tại chỗ %(time)s, cần ít nhất %(least)s.", least=_time(v.params["least"]), **facts)
    return _("%(person)s trực tại chỗ %(time)s, nhiều nhất %(most)s.", most=_time(v.params["most"]), **facts)


def _days_in_a_row(v: Violation, names: Names) -> str:
    return _(
        "%(person)s trực %(count)s ngày liền từ %(since)s đến %(until)s, nhiều nhất %(limit)s ngày.",
        person=names.person(v.staff_id),
        count=v.params["count"],
        limit=v.params["limit"],
        **_since_until(v),
    )


def _short_run(v: Violation, names: Names) -> str:
    return _(
        "%(person)s chỉ trực %(count)s ngày liền từ %(since)s đến %(until)s, cần ít nhất %(least)s ngày.",
        person=names.person(v.staff_id),
        count=v.params["count"],
        least=v.params["least"],
        **_since_until(v),
    )


def _short_rest(v: Violation, names: Names) -> str:
    return _(
        "%(person)s chỉ nghỉ %(count)s ngày liền từ %(since)s đến %(until)s, cần ít nhất %(least)s ngày.",
        person=names.person(v.staff_id),
        count=v.params["count"],
        least=v.params["least"],
        **_since_until(v),
    )


def _weekends(v: Violation, names: Names) -> str:
    return _(
        "%(person)s trực %(count)s cuối tuần, nhiều nhất %(limit)s.",
        person=names.person(v.staff_id),
        count=v.params["count"],
        limit=v.params["limit"],
    )


def _nights_in_a_row(v: Violation, names: Names) -> str:
    return _(
        "%(person)s trực %(count)s đêm liền từ %(since)s đến %(until)s, nhiều nhất %(limit)s đêm.",
        person=names.person(v.staff_id),
        count=v.params["count"],
        limit=v.params["limit"],
        **_since_until(v),
    )


def _nights(v: Violation, names: Names) -> str:
    return _(
        "%(person)s trực %(count)s đêm, nhiều nhất %(limit)s.",
        person=names.person(v.staff_id),
        count=v.params["count"],
        limit=v.params["limit"],
    )


def _few_shifts(v: Violation, names: Names) -> str:
    return _(
        "%(person)s trực %(count)s ca, ít hơn mức %(least)s ca.",
        person=names.person(v.staff_id),
        count=v.params["count"],
        least=v.params["least"],
    )


def _per_day(v: Violation, names: Names) -> str:
    return _(
        "%(person)s trực %(count)s ca trong ngày %(day)s, nhiều nhất %(limit)s.",
        person=names.person(v.staff_id),
        count=v.params["count"],
        day=d(_day(v.params["date"])),
        limit=v.params["limit"],
    )


def _template(v: Violation, names: Names) -> str:
    return _(
        "%(person)s trực %(count)s ca %(shift)s, nhiều nhất %(limit)s.",
        person=names.person(v.staff_id),
        count=v.params["count"],
        shift=v.params["template"],
        limit=v.params["limit"],
    )


def _sequence(v: Violation, names: Names) -> str:
    return _(
        "%(person)s trực hai ca không được nối tiếp nhau: %(one)s và %(other)s.",
        person=names.person(v.staff_id),
        one=names.shift(v.shift_ids[0]),
        other=names.shift(v.shift_ids[1]),
    )


def _together(v: Violation, names: Names) -> str:
    return _(
        "%(person)s phải trực cùng %(other)s nhưng trực một mình: %(shift)s.",
        person=names.person(v.staff_id),
        other=names.person(int(v.params["other"])),
        shift=_first(v, names),
    )


def _apart(v: Violation, names: Names) -> str:
    return _(
        "%(person)s không trực chung với %(other)s: %(shift)s.",
        person=names.person(v.staff_id),
        other=names.person(int(v.params["other"])),
        shift=_first(v, names),
    )


def _isolated(v: Violation, names: Names) -> str:
    return _(
        "%(person)s trực lẻ một ngày %(day)s giữa những ngày nghỉ.",
        person=names.person(v.staff_id),
        day=d(_day(v.params["date"])),
    )


def _continuity(v: Violation, names: Names) -> str:
    return _(
        "%(person)s đổi tên ca vào ngày %(day)s so với hôm trước.",
        person=names.person(v.staff_id),
        day=d(_day(v.params["date"])),
    )


def _change(v: Violation, names: Names) -> str:
    return _(
        "%(person)s thêm %(gained)s ca và bớt %(lost)s ca so với lịch đã biết.",
        person=names.person(v.staff_id),
        gained=v.params["gained"],
        lost=v.params["lost"],
    )


SENTENCES: dict[str, Write] = {
    "coverage.skills": _skills,
    "coverage.wanted": _wanted,
    "eligibility.place": _place,
    "protected.no_overtime": _no_overtime,
    "work.ordinary": _ordinary,
    "rest.weekly": _weekly_rest,
    "hours.continuous": _continuous,
    "hours.rolling": _rolling,
    "rest.standby": _standby,
    "hours.day": _hours_day,
    "hours.week": _hours_week,
    "hours.month": _overtime,
    "hours.year": _overtime,
    "hours.total": _total,
    "runs.max_days": _days_in_a_row,
    "runs.min_days": _short_run,
    "runs.min_off": _short_rest,
    "weekends.most": _weekends,
    "nights.in_a_row": _nights_in_a_row,
    "nights.most": _nights,
    "limits.min_shifts": _few_shifts,
    "limits.per_day": _per_day,
    "limits.template": _template,
    "sequence.templates": _sequence,
    "pairs.together": _together,
    "pairs.apart": _apart,
    "runs.isolated": _isolated,
    "continuity.template": _continuity,
    "change.least": _change,
}

REASONS: dict[str, Callable[[], str]] = {
    "coverage.skills": lambda: _("không có kỹ năng mà ca cần"),
    "eligibility.place": lambda: _("làm việc ở nơi khác"),
    "protected.no_overtime": lambda: _("không làm thêm giờ"),
    "work.ordinary": lambda: _("vướng giờ làm việc thường"),
    "rest.weekly": lambda: _("chưa đủ nghỉ hằng tuần"),
    "hours.continuous": lambda: _("trực tại chỗ liền quá lâu"),
    "hours.rolling": lambda: _("quá giờ trực tại chỗ trong 24 giờ"),
    "hours.day": lambda: _("quá giờ trong ngày"),
    "hours.week": lambda: _("quá giờ trong 7 ngày"),
    "hours.month": lambda: _("quá giờ làm thêm trong tháng"),
    "hours.year": lambda: _("quá giờ làm thêm trong năm"),
    "hours.total": lambda: _("quá tổng giờ của đợt"),
    "runs.max_days": lambda: _("đã đủ số ngày trực liền"),
    "runs.min_days": lambda: _("sẽ trực quá ít ngày liền"),
    "runs.min_off": lambda: _("sẽ nghỉ quá ít ngày liền"),
    "weekends.most": lambda: _("đã đủ số cuối tuần"),
    "nights.in_a_row": lambda: _("đã đủ số đêm liền"),
    "nights.most": lambda: _("đã đủ số đêm"),
    "limits.min_shifts": lambda: _("chưa đủ số ca tối thiểu"),
    "limits.per_day": lambda: _("đã đủ số ca trong ngày"),
    "limits.template": lambda: _("đã đủ số ca của tên ca này"),
    "sequence.templates": lambda: _("vướng ca hôm trước hoặc hôm sau"),
    "pairs.together": lambda: _("phải trực cùng người khác"),
    "pairs.apart": lambda: _("không trực chung với người trong ca"),
}
