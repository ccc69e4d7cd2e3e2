"""What a roster breaks, as sentences: a text for each rule, and how each fact is told in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from core.i18n import d, dm, duration, in_sentence, points, span
from planning.outcome import Violation
from roster.words.names import RosterNames


def sentence(violation: Violation, names: RosterNames) -> str:
    """One violation as a sentence. An unknown rule is told by its code rather than hidden."""
    text = _chosen(violation, names)
    return str(text) % SentenceFacts(violation, names) if text is not None else violation.rule


class SentenceFacts:
    """Fills in a text: each fact as people read it, else the parameter of the violation as it is."""

    def __init__(self, violation: Violation, names: RosterNames) -> None:
        self._violation, self._names = violation, names

    def __getitem__(self, name: str) -> Any:
        tell = _TOLD.get(name)
        told = tell(self._violation, self._names) if tell else self._violation.params[name]
        return in_sentence({name: told})[name]


def _chosen(v: Violation, names: RosterNames) -> Any:
    if v.rule in _CHOICES:
        return _CHOICES[v.rule](v, names)
    return _TEXTS.get(v.rule)


_TEXTS: dict[str, Any] = {
    "coverage.headcount": _l("%(shift)s: có %(present)s trên %(required)s người."),
    "coverage.skills": _l("%(shift)s: có %(present)s trên %(required)s người biết %(skill)s."),
    "coverage.wanted": _l("%(shift)s: có %(present)s người, mong muốn %(wanted)s."),
    "eligibility.duty": _l("%(person)s không thuộc danh sách %(duty)s."),
    "eligibility.unit": _l("%(person)s không thuộc %(unit)s hoặc đơn vị trực thuộc, hoặc đã nghỉ việc."),
    "eligibility.place": _l("%(person)s không làm việc tại nơi trực: %(shift)s."),
    "absence.away": _l("%(person)s vắng mặt từ %(since)s đến trước %(until)s: %(shift)s."),
    "protected.no_night": _l("%(person)s không trực đêm tại chỗ: %(shift)s."),
    "protected.no_overtime": _l("%(person)s không làm thêm giờ, ngày này phát sinh %(time)s: %(shift)s."),
    "overlap.shifts": _l("%(person)s trực trùng giờ: %(shifts)s."),
    "hours.rolling": _l(
        "%(person)s trực tại chỗ %(time)s trong 24 giờ từ %(start)s ngày %(day)s, mức cho phép %(limit)s. Giãn ca "
        "hoặc, nếu là một ca dài, nêu căn cứ (legal_ground) ở nhu cầu rồi tạo lại đợt trực: dự thảo đã có giữ "
        "nhu cầu lúc tạo."
    ),
    "hours.day": _l("%(person)s làm và trực %(time)s trong ngày %(day)s, mức cho phép %(limit)s."),
    "hours.week": _l("%(person)s làm và trực %(time)s từ %(since)s đến %(until)s, mức cho phép %(limit)s."),
    "hours.month": _l(
        "%(person)s làm thêm %(time)s trong tháng %(month)s (%(before)s trước đợt trực), mức cho phép %(limit)s."
    ),
    "hours.year": _l(
        "%(person)s làm thêm %(time)s trong năm %(year)s (%(before)s trước đợt trực), mức cho phép %(limit)s."
    ),
    "runs.max_days": _l("%(person)s trực %(count)s ngày liền từ %(since)s đến %(until)s, nhiều nhất %(limit)s ngày."),
    "runs.min_days": _l(
        "%(person)s chỉ trực %(count)s ngày liền từ %(since)s đến %(until)s, cần ít nhất %(least)s ngày."
    ),
    "runs.min_off": _l(
        "%(person)s chỉ nghỉ %(count)s ngày liền từ %(since)s đến %(until)s, cần ít nhất %(least)s ngày."
    ),
    "runs.isolated": _l("%(person)s trực lẻ một ngày %(day)s giữa những ngày nghỉ."),
    "weekends.most": _l("%(person)s trực %(count)s cuối tuần, nhiều nhất %(limit)s."),
    "nights.in_a_row": _l("%(person)s trực %(count)s đêm liền từ %(since)s đến %(until)s, nhiều nhất %(limit)s đêm."),
    "nights.most": _l("%(person)s trực %(count)s đêm, nhiều nhất %(limit)s."),
    "limits.max_shifts": _l("%(person)s trực %(count)s ca, nhiều hơn mức %(limit)s ca."),
    "limits.min_shifts": _l("%(person)s trực %(count)s ca, ít hơn mức %(least)s ca."),
    "limits.per_day": _l("%(person)s trực %(count)s ca trong ngày %(day)s, nhiều nhất %(limit)s."),
    "limits.template": _l("%(person)s trực %(count)s ca %(shift)s, nhiều nhất %(limit)s."),
    "sequence.templates": _l("%(person)s trực hai ca không được nối tiếp nhau: %(one)s và %(other)s."),
    "continuity.template": _l("%(person)s đổi tên ca vào ngày %(day)s so với hôm trước."),
    "pairs.together": _l("%(person)s phải trực cùng %(other)s nhưng trực một mình: %(shift)s."),
    "pairs.apart": _l("%(person)s không trực chung với %(other)s: %(shift)s."),
    "pins.kept": _l("%(person)s đã được ghim vào %(shift)s nhưng không còn ở đó."),
    "change.least": _l("%(person)s thêm %(gained)s ca và bớt %(lost)s ca so với lịch đã biết."),
    "peaks.second": _l("%(person)s trực %(count)s ca vào Giao thừa và Mùng 1 đến Mùng 3."),
    "wishes.off": _l("%(person)s có nguyện vọng nghỉ ngày %(day)s nhưng trực: %(shift)s."),
    "wishes.on": _l("%(person)s có nguyện vọng trực ngày %(day)s nhưng chưa được xếp."),
}


def _continuous(v: Violation, names: RosterNames) -> Any:
    if len(v.shift_ids) > 1:
        return _l(
            "%(person)s trực tại chỗ liền %(time)s, tính cả ca liền kề, mức cho phép %(limit)s: %(shift)s. Giãn các "
            "ca ra, hoặc xếp người khác vào một ca."
        )
    if not names.lacks_ground(v.shift_ids[0]):  # longer than their own limit, not than that of the campaign
        return _l(
            "%(person)s trực tại chỗ liền %(time)s, mức cho phép %(limit)s: %(shift)s. Xếp người khác vào ca này."
        )
    return _l(
        "%(person)s trực tại chỗ liền %(time)s, mức cho phép %(limit)s: %(shift)s. Chia ca, đổi hình thức trực, hoặc "
        "nêu căn cứ (legal_ground) ở nhu cầu rồi tạo lại đợt trực: dự thảo đã có giữ nhu cầu lúc tạo."
    )


def _ordinary(v: Violation, _names: RosterNames) -> Any:
    if "overlap" in v.params:
        return _l("%(person)s trực trùng giờ làm việc thường ngày %(day)s: %(shift)s.")
    if not v.params["gap_minutes"]:
        return _l(
            "%(person)s không có giờ nghỉ nào so với giờ làm việc thường ngày %(day)s, cần ít nhất %(required)s: "
            "%(shift)s."
        )
    return _l("%(person)s chỉ cách giờ làm việc thường ngày %(day)s %(gap)s, cần ít nhất %(required)s: %(shift)s.")


def _weekly_rest(v: Violation, _names: RosterNames) -> Any:
    if not v.params["longest_minutes"]:
        return _l("%(person)s trong tuần từ %(day)s không có giờ nghỉ nào, cần nghỉ liền ít nhất %(required)s.")
    return _l("%(person)s trong tuần từ %(day)s chỉ nghỉ liền được %(longest)s, cần ít nhất %(required)s.")


def _rest(v: Violation, _names: RosterNames) -> Any:
    if not v.params["gap_minutes"]:
        return _l("%(person)s không có giờ nghỉ nào, cần ít nhất %(required)s, giữa %(shifts)s.")
    return _l("%(person)s chỉ nghỉ %(gap)s, cần ít nhất %(required)s, giữa %(shifts)s.")


def _standby(v: Violation, _names: RosterNames) -> Any:
    if not v.params["gap_minutes"]:
        return _l(
            "%(person)s trực tại nhà hai lượt liền nhau: %(one)s; %(other)s. Nếu bị gọi ra, giờ đó là giờ làm việc."
        )
    return _l(
        "%(person)s trực tại nhà hai lượt cách nhau %(gap)s: %(one)s; %(other)s. Nếu bị gọi ra, giờ đó là giờ làm việc."
    )


def _total(v: Violation, _names: RosterNames) -> Any:
    if "least" in v.params:
        return _l("%(person)s trực tại chỗ %(time)s, cần ít nhất %(least)s.")
    return _l("%(person)s trực tại chỗ %(time)s, nhiều nhất %(most)s.")


def _load(v: Violation, _names: RosterNames) -> Any:
    if "capacity" in v.params:
        return _l("%(person)s gánh %(load)s điểm, gồm %(history)s điểm các Tết trước, phần việc %(share)s phần trăm.")
    return _l("%(person)s gánh %(load)s điểm, gồm %(history)s điểm các Tết trước.")


def _repeat(v: Violation, _names: RosterNames) -> Any:
    # What was kept before a campaign could look further back than the last Tết does not say how long ago it was.
    if "ago" in v.params and v.params["peak"] == "giao_thua":
        return _l("%(person)s đã trực Giao thừa cách đây %(ago)s năm, nay lại trực: %(shift)s.")
    if "ago" in v.params:
        return _l("%(person)s đã trực Mùng 1 cách đây %(ago)s năm, nay lại trực: %(shift)s.")
    if v.params["peak"] == "giao_thua":
        return _l("%(person)s đã trực Giao thừa Tết trước, nay lại trực: %(shift)s.")
    return _l("%(person)s đã trực Mùng 1 Tết trước, nay lại trực: %(shift)s.")


_CHOICES: dict[str, Callable[[Violation, RosterNames], Any]] = {
    "hours.continuous": _continuous,
    "hours.total": _total,
    "work.ordinary": _ordinary,
    "rest.weekly": _weekly_rest,
    "rest.between_shifts": _rest,
    "rest.standby": _standby,
    "fairness.load": _load,
    "peaks.repeat": _repeat,
}
"""Rules whose text depends on what was found."""


def _time(minutes: int | str) -> str:
    return duration(60 * int(minutes))


def _amount(name: str) -> Callable[[Violation, RosterNames], Any]:
    """A limit is a time where minutes are counted, else a number."""
    return lambda v, _names: _time(v.params[name]) if "minutes" in v.params else v.params[name]


def _minutes(name: str) -> Callable[[Violation, RosterNames], str]:
    return lambda v, _names: _time(v.params[name])


def _shift(v: Violation, names: RosterNames) -> str:
    if "template" in v.params:
        return str(v.params["template"])
    told = v.shift_ids[-1:] if v.rule == "hours.continuous" else v.shift_ids[:1]
    return names.shift(told[0]) if told else ""


def _one(v: Violation, names: RosterNames) -> str:
    return names.shift(v.shift_ids[0]) if v.shift_ids else ""


def _other(v: Violation, names: RosterNames) -> str:
    """The other person of a pair, or the other shift."""
    return names.person(int(v.params["other"])) if "other" in v.params else names.shift(v.shift_ids[-1])


def _shifts(v: Violation, names: RosterNames) -> str:
    """Two shifts, the other of which may be one of another campaign."""
    if "busy_start" in v.params:
        elsewhere = span(_moment(v, "busy_start"), _moment(v, "busy_end"))
        return _("%(one)s và ca ở đợt trực khác %(other)s", one=_one(v, names), other=elsewhere)
    return _("%(one)s và %(other)s", one=_one(v, names), other=names.shift(v.shift_ids[1]))


def _since(v: Violation, _names: RosterNames) -> str:
    return d(_moment(v, "away_start")) if "away_start" in v.params else dm(_date(v, "from"))


def _until(v: Violation, _names: RosterNames) -> str:
    return d(_moment(v, "away_end")) if "away_end" in v.params else d(_date(v, "to"))


def _required(v: Violation, _names: RosterNames) -> Any:
    return _time(v.params["required_minutes"]) if "required_minutes" in v.params else v.params["required"]


def _start(v: Violation, _names: RosterNames) -> str:
    hour, minute = divmod(int(v.params["start"]), 60)
    return f"{hour:02d}:{minute:02d}"


def _moment(v: Violation, name: str) -> datetime:
    return datetime.fromisoformat(str(v.params[name]))


def _date(v: Violation, name: str) -> date:
    return date.fromisoformat(str(v.params[name]))


_TOLD: dict[str, Callable[[Violation, RosterNames], Any]] = {
    "person": lambda v, names: names.person(v.staff_id),
    "shift": _shift,
    "one": _one,
    "other": _other,
    "shifts": _shifts,
    "duty": lambda v, names: names.duties.get(str(v.params["duty"]), str(v.params["duty"])),
    "unit": lambda v, names: names.units.get(str(v.params["unit"]), str(v.params["unit"])),
    "day": lambda v, _names: d(_date(v, "week" if "week" in v.params else "date")),
    "since": _since,
    "until": _until,
    "start": _start,
    "month": lambda v, _names: "/".join(reversed(str(v.params["month"]).split("-"))),
    "time": _minutes("minutes"),
    "before": _minutes("before"),
    "gap": _minutes("gap_minutes"),
    "longest": _minutes("longest_minutes"),
    "required": _required,
    "limit": _amount("limit"),
    "least": _amount("least"),
    "most": _amount("most"),
    "load": lambda v, _names: points(int(v.params["load"])),
    "history": lambda v, _names: points(int(v.params["history"])),
    "share": lambda v, _names: round(int(v.params["capacity"]) / 100),
}
"""How a fact is told."""
