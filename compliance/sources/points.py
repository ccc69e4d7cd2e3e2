"""What points of service prove now: what hangs there, parcels told of each day, plans handed in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _, lazy_gettext as _l

from compliance.computed import ComputedFinding, FindingSource, Numbers, Scope
from compliance.parcel_checks import queries as parcels
from compliance.plans import queries as plans
from compliance.posting import parts, queries as posting
from compliance.service_hours import points
from core.clock import local_date
from core.i18n import d


def _posted(asked: Scope) -> Mapping[int, ComputedFinding]:
    """Return the findings for points alone: nothing hangs at an office without a counter."""
    here = [unit.id for unit in points.among(asked.unit_ids, local_date(asked.now))]
    states = posting.states(here, local_date(asked.now))
    found = {}
    for each in here:
        codes = [states[each, what].code for what in parts.OBLIGATORY]
        posted = codes.count("posted")
        numbers = {"posted": posted, "wanted": len(codes), "unwritten": codes.count("no_text")}
        found[each] = ComputedFinding(posted == len(codes), numbers)
    return found


def _checked(asked: Scope) -> Mapping[int, ComputedFinding]:
    """The season's open days that are over, of points that have any."""
    told = parcels.checks_logged(asked.unit_ids, asked.since, asked.until, asked.now)
    if told.since > told.until:
        return {}
    absent: dict[int, int] = {}
    for unit_id, _day in told.missing:
        absent[unit_id] = absent.get(unit_id, 0) + 1
    here = [unit.id for unit in points.among(asked.unit_ids, told.until)]
    days = parcels.told_days(here, told.since, told.until)
    spoken: dict[int, int] = {}
    for unit_id, _day in days:
        spoken[unit_id] = spoken.get(unit_id, 0) + 1
    until = told.until.isoformat()
    return {
        each: ComputedFinding(
            not absent.get(each) and spoken.get(each, 0) > 0,
            {"told": spoken.get(each, 0), "missing": absent.get(each, 0), "until": until},
        )
        for each in here
    }


def _planned(asked: Scope) -> Mapping[int, ComputedFinding]:
    """Return the findings for the Tết of the letter's season, however long that is over."""
    told = plans.plan_submitted(asked.unit_ids, asked.now, plans.year_of(asked.since, asked.until))
    owing = set(told.missing)
    return {
        each: ComputedFinding(each not in owing, {"year": told.tet_year, "handed": each not in owing})
        for each in asked.unit_ids
    }


def _posted_words(numbers: Numbers) -> str:
    said = _(
        "%(n)s trong %(wanted)s nội dung bắt buộc đang treo đúng bản, có ảnh",
        n=numbers["posted"],
        wanted=numbers["wanted"],
    )
    if not numbers["unwritten"]:
        return said
    unwritten = _("%(n)s nội dung bắt buộc chưa ai soạn", n=numbers["unwritten"])
    return f"{said}; {unwritten}"


def _checked_words(numbers: Numbers) -> str:
    until = d(date.fromisoformat(numbers["until"]))
    return _(
        "%(told)s ngày có số kiểm tra, thiếu %(missing)s ngày, đến hết %(day)s",
        told=numbers["told"],
        missing=numbers["missing"],
        day=until,
    )


def _planned_words(numbers: Numbers) -> str:
    if numbers["handed"]:
        return _("đã nộp phương án mạng lưới, lao động Tết %(year)s", year=numbers["year"])
    return _("chưa nộp phương án mạng lưới, lao động Tết %(year)s", year=numbers["year"])


SOURCES = (
    FindingSource("posting.complete", _l("Niêm yết đủ ở điểm phục vụ"), _posted, _posted_words),
    FindingSource("checks.logged", _l("Ghi số kiểm tra gói, kiện mỗi ngày"), _checked, _checked_words),
    FindingSource("plan.submitted", _l("Đã nộp phương án mạng lưới, lao động"), _planned, _planned_words),
)
