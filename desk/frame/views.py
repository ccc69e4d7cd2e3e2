"""/desk/open: the number of open incidents that stands on every page, kept up to date while the page is open.
/app.webmanifest: the app on a phone's home screen."""

from __future__ import annotations

import json

from flask import Response
from flask.typing import ResponseReturnValue

from core import fragments
from desk.blueprint import bp
from desk.frame import running
from desk.frame.manifest import manifest
from people.access import guard

bp.app_context_processor(lambda: {"open_incidents": running.current, "open_incidents_tag": fragments.tag})


@bp.get("/desk/open")
@guard.requires("incident.read")
def open_now() -> ResponseReturnValue:
    """The number alone; 304 while it is the same."""
    found = running.current()
    return fragments.fragment("desk/frame/_open.html", fragments.tag(found), {"found": found, "again": True})


@bp.get("/app.webmanifest")
@guard.public
def app_manifest() -> ResponseReturnValue:
    """The same for everybody who reads the same language."""
    answer = Response(json.dumps(manifest(), ensure_ascii=False), mimetype="application/manifest+json")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
