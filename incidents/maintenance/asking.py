"""What the log page asks before a person's report is written down during maintenance."""

from __future__ import annotations

from datetime import datetime

from incidents.creation.quick_log import LogEntry
from incidents.maintenance import queries, rules, words
from incidents.triage import derivation
from people import queries as people


def lines(entry: LogEntry, now: datetime) -> list[str]:
    """The windows that would hold it if a machine said so; none for exercises, and for what no window holds: whoever
    reports a fire is not kept waiting with a question."""
    kind, unit = derivation.kind_of(entry.category), people.unit_by_code(entry.unit)
    derived = derivation.derive(kind, entry.answers or {}, party_state=entry.party_state, restricted=kind.restricted)
    told = rules.MaintenanceAlarm(
        units=people.ancestor_ids(unit.id),
        intake_id=None,
        category=kind.code,
        level=min(entry.severity or derived.level, derived.level),
        restricted=derived.restricted,
        party_state=derived.party_state,
        title=f"{entry.title} {entry.description}",
    )
    if entry.drill or not rules.may_be_held(told):
        return []
    return [words.line(each) for each in queries.over_reports(unit.id, kind.code, now)]
