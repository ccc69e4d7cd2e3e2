"""How soon incidents are taken and resolved, beside what the enterprise asks of itself. Restricted ones are no part of
it: inspectors read these numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import select

from compliance.computed import ComputedFinding, FindingSource, Numbers, Scope
from compliance.sources import reach
from core import clock
from core.db import db
from core.i18n import duration
from incidents.catalogue import queries as catalogue
from incidents.record.models import Incident


@dataclass(frozen=True)
class HandledIncident:
    """``taken``, ``over``: how long that took; None while nobody has, or it is not."""

    waiting: timedelta
    taken: timedelta | None
    over: timedelta | None
    take_within: timedelta
    end_within: timedelta

    @property
    def is_late_now(self) -> bool:
        """Somebody waits for longer than was promised, at this moment."""
        if self.over is not None:
            return False
        return self.waiting > self.end_within or (self.taken is None and self.waiting > self.take_within)


def _judge(asked: Scope) -> Mapping[int, ComputedFinding]:
    """Nothing before the season has begun: then there is nothing to be proud of yet."""
    if asked.now < clock.at_local(asked.since):
        return {}
    by_unit, above = _cases(asked), reach.chains()
    found: dict[int, ComputedFinding] = {}
    for holding, alike in reach.bearing(asked.unit_ids, by_unit, above, upwards=False).items():
        mine = [case for each in holding for case in by_unit[each]]
        found.update(dict.fromkeys(alike, judged(mine)))
    return found


def _cases(asked: Scope) -> dict[int, list[HandledIncident]]:
    targets = catalogue.targets()
    wanted = select(
        Incident.unit_id,
        Incident.severity,
        Incident.created_at,
        Incident.acknowledged_at,
        Incident.resolved_at,
        Incident.closed_at,
    ).where(
        Incident.created_at >= clock.at_local(asked.since),
        Incident.created_at < clock.at_local(asked.until + timedelta(days=1)),
        Incident.rehearsal_id.is_(None),
        Incident.joined_to_id.is_(None),
        ~Incident.restricted,
    )
    found = defaultdict[int, list[HandledIncident]](list)
    for unit_id, severity, at, taken, resolved, closed in db.session.execute(wanted).tuples():
        over, target = resolved or closed, targets[severity]
        found[unit_id].append(
            HandledIncident(asked.now - at, _after(at, taken), _after(at, over), target.acknowledge, target.resolve)
        )
    return found


def _after(at: datetime, then: datetime | None) -> timedelta | None:
    return then - at if then is not None else None


def judged(cases: Sequence[HandledIncident]) -> ComputedFinding:
    """Holds while nobody waits for longer than was promised."""
    taken = sorted(each.taken for each in cases if each.taken is not None)
    late = sum(each.is_late_now for each in cases)
    numbers = {
        "incidents": len(cases),
        "taken_in_time": sum(each.taken is not None and each.taken <= each.take_within for each in cases),
        "ended_in_time": sum(each.over is not None and each.over <= each.end_within for each in cases),
        "late_now": late,
        "median": int(taken[(len(taken) - 1) // 2].total_seconds()) if taken else None,
    }
    return ComputedFinding(not late, numbers)


def _words(numbers: Numbers) -> str:
    if not numbers["incidents"]:
        return _("Chưa có sự cố nào (không kể sự cố hạn chế xem).")
    told = {name: numbers[name] for name in ("incidents", "taken_in_time", "ended_in_time", "late_now")}
    said = _(
        "%(incidents)s sự cố (không kể sự cố hạn chế xem): %(taken_in_time)s nhận đúng hạn,"
        " %(ended_in_time)s xử lý xong đúng hạn, %(late_now)s đang quá hạn.",
        **told,
    )
    median = numbers["median"]
    if median is None:
        return said
    usual = _("Thường nhận sau %(time)s.", time=duration(median))
    return f"{said} {usual}"


SOURCES = (FindingSource("incidents.times", _l("Thời gian nhận và xử lý sự cố"), _judge, _words),)
