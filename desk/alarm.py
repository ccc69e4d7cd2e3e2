"""The alarm of the desk: the incidents that nobody has taken, judged by the enterprise's targets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from desk.lateness import Alarm, Waiting, alarm
from incidents import catalogue, queries
from incidents.models import Incident


def of(incidents: Iterable[Incident], *, now: datetime) -> Alarm:
    """What ``incidents`` make of the desk at ``now``."""
    untaken = [each for each in incidents if each.status == "open"]
    targets = catalogue.targets() if untaken else {}
    return alarm(
        [
            Waiting(
                each.code, each.severity, each.clocks_from or each.created_at, targets[each.severity].acknowledge,
                each.escalation.exhausted, each.escalation.exhausted and queries.is_everybody_absent(each, now),
            )
            for each in untaken
        ],
        now,
    )  # fmt: skip
