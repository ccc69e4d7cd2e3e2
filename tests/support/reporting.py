"""Báo cáo của Bưu điện huyện A over Tết Canh Tý: incidents day by day, and counts that ask nobody but the tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import text

from compliance.reports.models import Report
from compliance.reports.requesting import ReportRequestIn
from compliance.reports.told import refs
from core.db import db
from tests.support.tet_night import Night

FIRST, LAST = date(2020, 1, 23), date(2020, 1, 29)


def at(day: int, hour: int, minute: int = 0, month: int = 1) -> datetime:
    """A local moment of 2020."""
    return datetime(2020, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


def count(sql: str, **values: Any) -> int:
    """By plain SQL, so that no query of the product judges itself."""
    bound = {name: value.replace(tzinfo=None) if _is_sqlite(value) else value for name, value in values.items()}
    return int(db.session.execute(text(sql), bound).scalar_one())


def _is_sqlite(value: Any) -> bool:
    return isinstance(value, datetime) and db.engine.dialect.name == "sqlite"


INSIDE = (
    "FROM incidents i JOIN units u ON u.id = i.unit_id WHERE i.rehearsal_id IS NULL AND i.joined_to_id IS NULL"
    " AND u.code LIKE 'BDA%' AND i.created_at >= :since AND i.created_at < :until"
)
_OPEN = " AND i.status IN ('open', 'acknowledged')"
_FAMILY = " AND i.category IN (SELECT code FROM incident_categories WHERE {})"
INCIDENTS = {
    "incidents.all": "",
    **{f"incidents.level{level}": f" AND i.severity = {level}" for level in (1, 2, 3, 4)},
    "incidents.open": _OPEN,
    "incidents.done": " AND i.status IN ('resolved', 'closed')",
    "network.incidents": _FAMILY.format("family = 'network'"),
    "kt1.incidents": " AND i.category = 'kt1'",
    "kt1.open": f" AND i.category = 'kt1'{_OPEN}",
    "state.incidents": " AND i.party_state",
    "state.open": f" AND i.party_state{_OPEN}",
    "prohibited.incidents": _FAMILY.format("legal"),
    "prohibited.told": _FAMILY.format("legal")
    + " AND EXISTS (SELECT 1 FROM legal_steps s WHERE s.incident_id = i.id AND s.step = 'authority')",
    **{f"incidents.{phase}": f" AND i.phase = '{phase}'" for phase in ("before", "during", "after")},
}
_SHIFTS = (
    "FROM shifts s JOIN units u ON u.id = s.unit_id WHERE u.code LIKE 'BDA%'"
    " AND s.local_on BETWEEN :first AND :last AND EXISTS (SELECT 1 FROM seats p WHERE p.shift_id = s.id)"
)
_HELD = "(SELECT count(*) FROM duties d WHERE d.shift_id = s.id AND d.cancelled_at IS NULL)"


def independent(code: str, first: date, last: date, drawn: datetime) -> int:
    """What a figure must be, by what stands in the tables."""
    since = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(hours=7)
    until = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(hours=17)
    if code in INCIDENTS:
        return count(f"SELECT count(*) {INSIDE}{INCIDENTS[code]}", since=since, until=min(until, drawn))
    span = {"first": first.isoformat() if _sqlite() else first, "last": last.isoformat() if _sqlite() else last}
    if code == "duty.units_short":
        return count(f"SELECT count(DISTINCT s.unit_id) {_SHIFTS} AND {_HELD} < s.headcount", **span)
    if code.startswith("duty."):
        _duty, kind, what = code.split(".")
        lacking = f" AND {_HELD} < s.headcount" if what == "short" else ""
        return count(f"SELECT count(*) {_SHIFTS} AND s.duty = '{kind}'{lacking}", **span)
    if code in _POINTS:
        return _figures_of_points(code, first, min(last, (drawn + timedelta(hours=7)).date()), drawn)
    return count(
        _OTHERS[code],
        since=since,
        until=min(until, drawn),
        **_days(code, min(last, (drawn + timedelta(hours=7)).date())),
    )


def _days(code: str, last: date) -> dict[str, Any]:
    if code == "incidents.after_the_last":
        last -= timedelta(days=1)
    name = {"visits.overdue": "last", "incidents.after_the_last": "before"}.get(code)
    return {name: last.isoformat() if _sqlite() else last} if name else {}


def _sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


_WITHIN = "JOIN units u ON u.id = x.unit_id WHERE u.code LIKE 'BDA%'"
_OTHERS = {
    "incidents.after_the_last": "SELECT count(*) FROM incidents i JOIN units u ON u.id = i.unit_id, reports r"
    " WHERE u.code LIKE 'BDA%' AND r.kind = 'daily' AND r.state = 'approved' AND i.created_at < :since"
    " AND i.created_at > r.drawn_at AND r.starts_on = :before AND :since < :until",
    "coordination.received": f"SELECT count(*) FROM coordinations x {_WITHIN} AND x.received_at >= :since"
    " AND x.received_at < :until",
    "coordination.waiting": f"SELECT count(*) FROM coordinations x {_WITHIN} AND x.received_at >= :since"
    " AND x.received_at < :until AND x.answered_at IS NULL AND x.handed_over_at IS NULL",
    "kt1.customers": f"SELECT count(*) FROM state_customers x {_WITHIN} AND :since < :until",
    "kt1.untested": f"SELECT count(*) FROM state_customers x {_WITHIN} AND :since < :until AND NOT EXISTS"
    " (SELECT 1 FROM contact_calls c WHERE c.customer_id = x.id AND c.answered)",
    "visits.all": f"SELECT count(*) FROM inspections x {_WITHIN} AND x.began_at >= :since AND x.began_at < :until",
    "visits.unannounced": f"SELECT count(*) FROM inspections x {_WITHIN} AND x.began_at >= :since"
    " AND x.began_at < :until AND NOT x.announced",
    "visits.overdue": "SELECT count(*) FROM inspection_recommendations r JOIN inspections x ON x.id = r.inspection_id"
    f" {_WITHIN} AND r.done_at IS NULL AND r.due_on < :last AND :since < :until",
}


SUMS = ("parcels.checked", "parcels.refused", "parcels.referred")
"""Added up over the days that are listed, not counted."""
_COUNTERS = "FROM units u WHERE u.code LIKE 'BDA%' AND u.kind IN ('service_point', 'commune', 'district')"
_BOTH = (
    "(SELECT count(DISTINCT p.what) FROM postings p WHERE p.unit_id = u.id AND p.what IN ('prohibited', 'conditions')"
    " AND p.withdrawn_at IS NULL AND p.photo IS NOT NULL)"
)
_CHECKS = (
    "FROM parcel_checks x JOIN units u ON u.id = x.unit_id WHERE u.code LIKE 'BDA%' AND x.day BETWEEN :first AND :last"
)
_POINTS = {
    "posting.points": f"SELECT count(*) {_COUNTERS}",
    "posting.complete": f"SELECT count(*) {_COUNTERS} AND {_BOTH} = 2",
    "posting.missing": f"SELECT count(*) {_COUNTERS} AND {_BOTH} < 2",
    **{
        f"parcels.{what}": f"SELECT coalesce(sum(x.{what}), 0) {_CHECKS}" for what in ("checked", "refused", "referred")
    },
    "parcels.silent": f"SELECT count(DISTINCT u.id || '@' || x.day) {_CHECKS}",
}


def _figures_of_points(code: str, first: date, last: date, drawn: datetime) -> int:
    """Of the counters of both units; a day that is not over may still be told of."""
    if not code.startswith("parcels."):
        return count(_POINTS[code])
    if code == "parcels.silent":
        last = min(last, (drawn + timedelta(hours=7)).date() - timedelta(days=1))
    span = {"first": first.isoformat() if _sqlite() else first, "last": last.isoformat() if _sqlite() else last}
    found = count(_POINTS[code], **span)
    days = max(0, (last - first).days + 1)
    return count(_POINTS["posting.points"]) * days - found if code == "parcels.silent" else found


def asked(unit: str, form: str, who: str, first: date, last: date) -> ReportRequestIn:
    """A request of two who want it each day between 15:00 and 16:00; a call goes to the first of them."""
    two = (
        {"name": "Phòng BCVT", "mail": "bcvt@stttt.example", "phone": "02693821111"},
        {"name": "Văn phòng Sở", "mail": "vp@stttt.example", "phone": ""},
    )
    kind, number = ("daily", "112/STTTT-BCVT") if form == "report" else ("", "")
    names = two if form == "report" else two[:1]
    return ReportRequestIn(unit, form, kind, who, number, date(2020, 1, 22), "", first, last, "15:00", "16:00", names)


def figures(row: Report) -> dict[str, int]:
    return {each["code"]: each["value"] for section in row.sections for each in section["figures"]}


def wrong_figures(row: Report) -> dict[str, tuple[int, int]]:
    """Code → (what the report says, what plain SQL counts), of those that differ; and of lists that are not as long as
    their number, (number, length)."""
    found: dict[str, tuple[int, int]] = {}
    for code, value in figures(row).items():
        counted = independent(code, row.starts_on, row.ends_on, row.drawn_at)
        if value != counted:
            found[code] = (value, counted)
    for section in row.sections:
        for each in section["figures"]:
            listed = len(refs.unpacked(each["refs"]))
            if each["code"] not in SUMS and each["value"] != listed:
                found[f"list of {each['code']}"] = (each["value"], listed)
    return found


def a_week(night: Night) -> dict[str, Any]:
    """What happened from the 23rd to the 29th; the 26th is quiet."""
    for day in range(FIRST.day, LAST.day + 1):
        for duty, code in (("leadership", "AN1"), ("operations", "BI1"), ("emergency", "EM1")):
            if (day, duty) != (28, "emergency"):
                night.publish(duty, code, hours=24, start=at(day, 7, 30))
    return {
        "truck": night.log("Xe thư hỏng ở đèo An Khê", "vehicle", now=at(23, 9)),
        "power": night.log("Mất điện", now=at(24, 20)),
        "kt1": night.log("Túi KT1 đến chậm", "kt1", now=at(25, 3), party_state=True),
        "firecrackers": night.log("Gói nghi pháo", "prohibited_item", unit="BDA-1", now=at(25, 10)),
        "state": night.log("Đường truyền Huyện ủy chập chờn", now=at(27, 22), party_state=True),
        "elsewhere": night.log("Mất điện nơi khác", unit="BDC", now=at(27, 8)),
        "late": night.log("Kho dột", now=at(28, 21)),
    }
