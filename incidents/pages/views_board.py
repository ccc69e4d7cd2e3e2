"""The board of incidents (quick log: ``views_quick_log``; one incident: ``views_detail``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import clock, fragments
from core.form_values import whole_number
from incidents.blueprint import bp
from incidents.board import watching, words as board_words
from incidents.record import queries
from incidents.record.queries import IncidentFilter
from incidents.record.states import UNFINISHED
from incidents.triage import clock_status
from people import queries as people
from people.access import guard

STATUSES = ("open", "acknowledged", "resolved", "closed")


def _filter(chosen: Mapping[str, str]) -> IncidentFilter:
    """Return what is asked for; what no list knows narrows nothing."""
    return IncidentFilter(
        (chosen["status"],) if chosen["status"] in STATUSES else (),
        severity=int(chosen["severity"]) if chosen["severity"] in ("1", "2", "3", "4") else None,
        unit_id=people.unit_by_code(chosen["unit"]).id if chosen["unit"] else None,
        q=chosen["q"][:200],
        rehearsal_id=whole_number(chosen["rehearsal"]),
    )


@bp.get("/")
@guard.requires("incident.read")
def board() -> ResponseReturnValue:
    """Open first, by when they call next. The same address answers the fragment that the page asks for again."""
    now, actor = clock.now(), guard.current_actor()
    chosen = {name: request.args.get(name, "").strip() for name in ("status", "severity", "unit", "q", "rehearsal")}
    incidents = queries.first_needed(queries.board(_filter(chosen), actor=actor, now=now))
    mine = {each.id for each in queries.needing(actor.person_id)} if actor.person_id else set()
    clocks = clock_status.clocks_by_incident([each for each in incidents if each.status in UNFINISHED], now)
    looking = watching.at_each([each.id for each in incidents], actor=actor, now=now)
    facts = {
        "incidents": incidents,
        "mine": mine,
        "now": now,
        "filtered": any(chosen.values()),
        "clocks": clocks,
        "looking": {incident_id: board_words.looking(names) for incident_id, names in looking.items()},
    }
    shown = [(e.id, e.version, e.escalation.next_at, e.id in mine, clocks.get(e.id)) for e in incidents]
    tag = fragments.tag([shown, looking])
    if request.args.get("rows"):
        return fragments.fragment("incidents/_rows.html", tag, facts)
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    again = url_for(".board", rows=1, **kept)
    return render_template(
        "incidents/board.html",
        chosen=chosen,
        units=people.unit_tree(),
        again=again,
        etag=tag,
        every=fragments.EVERY,
        **facts,
    )
