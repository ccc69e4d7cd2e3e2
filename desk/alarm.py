"""The alarm of the desk: the incidents that nobody has taken, judged by the enterprise's targets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from desk.alarm_rules import DeskAlarm, UntakenIncident, alarm
from incidents.catalogue import queries as catalogue
from incidents.escalation import everybody_absent
from incidents.record import takings
from incidents.record.models import Incident
from incidents.triage import clock_status


def alarm_for(incidents: Iterable[Incident], *, now: datetime) -> DeskAlarm:
    """Return what ``incidents`` make of the desk at ``now``."""
    untaken = [each for each in incidents if each.status == "open"]
    taken = takings.takings_for([each.id for each in untaken if not clock_status.is_untouched(each)])
    targets = catalogue.targets() if untaken else {}
    absent = everybody_absent.among([each for each in untaken if each.escalation.exhausted], now)
    return alarm(
        [
            UntakenIncident(
                each.code,
                each.severity,
                _since(each, taken.get(each.id, takings.NONE)),
                targets[each.severity].acknowledge,
                each.escalation.exhausted,
                each.id in absent,
            )
            for each in untaken
        ],
        now,
    )


def _since(incident: Incident, mine: takings.Takings) -> datetime:
    """What somebody took and let go waits since then."""
    return clock_status.let_go_at(incident, mine) or incident.clocks_from or incident.created_at
