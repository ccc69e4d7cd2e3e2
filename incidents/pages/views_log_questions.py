"""Parts of the quick log that follow what is chosen: the questions of a category, and the level that answers give.

The form works without them: then the questions of every kind are asked, and the level is derived when it is sent.
"""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from incidents.blueprint import bp
from incidents.triage.questions import questioning
from incidents.triage.words import clock_name, spoken
from people.access import guard

bp.add_app_template_filter(spoken, "spoken")
bp.add_app_template_filter(clock_name, "clock_name")


@bp.get("/new/questions")
@guard.requires("incident.log")
def questions() -> ResponseReturnValue:
    """The questions of the chosen category, with the level; ``?level=1``: the level alone."""
    sent = request.args
    category = sent.get("more") or sent.get("category") or "other"
    facts = questioning(sent, category, sent.get("party_state") == "y")
    return render_template(
        "incidents/creation/_derived.html" if sent.get("level") else "incidents/creation/_questions.html", **facts
    )
