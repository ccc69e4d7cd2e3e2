"""What points of service told: parcels looked into before acceptance, what hangs there, what waits to be carried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from compliance.parcel_checks import queries as parcels
from compliance.plans import queries as plans
from compliance.posting import parts as obligatory, queries as posting
from compliance.reports.told.parts import Figure, ReportPart, ReportScope, listed
from compliance.service_hours import points
from core import clock


def checks(ground: ReportScope) -> ReportPart:
    """The three numbers of the law's check, and the days of points that told none."""
    told = parcels.checks_logged(ground.units, ground.since, ground.until, ground.now)
    last = min(ground.until, clock.local_date(ground.now))
    by_day = parcels.by_day(ground.units, ground.since, last)
    total = sum(by_day.values(), parcels.ParcelNumbers())
    silent = [f"{unit_id}@{day.isoformat()}" for unit_id, day in told.missing]
    figures = (
        Figure(
            "parcels.checked",
            "Gói, kiện đã kiểm tra nội dung trước khi chấp nhận",
            total.checked,
            _days(by_day, "checked"),
        ),
        Figure("parcels.refused", "Trong đó từ chối", total.refused, _days(by_day, "refused")),
        Figure("parcels.referred", "Trong đó báo cơ quan chức năng", total.referred, _days(by_day, "referred")),
        listed("parcels.silent", "Ngày của điểm phục vụ chưa ghi số", "check", silent),
    )
    if not by_day and not silent:
        return ReportPart((), missing=("số gói, kiện đã kiểm tra nội dung trước khi chấp nhận",))
    said = f"đã kiểm tra {total.checked} gói, kiện trước khi chấp nhận, từ chối {total.refused}"
    more = f", báo cơ quan chức năng {total.referred}"
    owed = f" Còn {len(silent)} ngày của điểm phục vụ chưa ghi số." if silent else ""
    return ReportPart((f"{ground.span} {said}{more}.{owed}",), figures)


def _days(by_day: Mapping[tuple[int, date], parcels.ParcelNumbers], what: str) -> tuple[str, ...]:
    """Return those alone that add to the number."""
    mine = sorted(key for key, numbers in by_day.items() if getattr(numbers, what))
    return tuple(f"check:{unit_id}@{day.isoformat()}" for unit_id, day in mine)


def posted(ground: ReportScope) -> ReportPart:
    """Tell what hangs as it is now, whatever days are told of: what hung on a day that is over nobody can go and
    see."""
    today = clock.local_date(ground.now)
    here = [unit.id for unit in points.among(ground.units, today)]
    if not here:
        return ReportPart((), missing=("niêm yết tại điểm phục vụ",))
    told = posting.posting_complete(here, ground.now)
    complete = [each for each in here if each not in set(told.missing)]
    figures = (
        listed("posting.points", "Điểm phục vụ", "point", here),
        listed("posting.complete", "Điểm niêm yết đủ hai nội dung bắt buộc", "point", complete),
        listed("posting.missing", "Điểm chưa đủ, chưa có ảnh hoặc ảnh chờ duyệt", "point", told.missing),
    )
    count = len(obligatory.OBLIGATORY)
    return ReportPart(
        (f"Niêm yết đủ {count} nội dung bắt buộc, có ảnh: {len(complete)} trên {len(here)} điểm phục vụ.",),
        tuple(replace(each, of_now=True) for each in figures),
    )


def backlog(ground: ReportScope) -> ReportPart:
    """Items that waited on the last day that anybody told of, and how many units have handed in their plan."""
    last = min(ground.until, clock.local_date(ground.now))
    found = plans.backlog(ground.units, last - timedelta(days=6), last)
    if not found:
        return ReportPart((), missing=("sản lượng, tồn đọng",))
    day = max(found)
    rows = plans.backlog_rows(ground.units, day)
    refs = tuple(f"point:{unit_id}" for unit_id in sorted(rows))
    figure = Figure("network.backlog", f"Bưu gửi tồn đọng ngày {day:%d/%m}", found[day], refs)
    return ReportPart((f"Tồn đọng ngày {day:%d/%m/%Y}: {found[day]} bưu gửi ở {len(rows)} đơn vị có báo.",), (figure,))
