"""Without a line: the service worker, the page of what is still on this machine, and the door by which it comes in."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from flask import Blueprint, Response, current_app, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from core import clock
from core.assets import asset
from core.errors import Conflict, DomainError
from core.i18n import LOCALES
from incidents.attachments import uploads
from incidents.creation import quick_log, ringable
from incidents.creation.forms import QuickLogForm
from incidents.default_unit import default_unit_code
from incidents.record import queries, secrecy
from people import queries as people
from people.access import guard

bp = Blueprint("offline", __name__)
PAGES = ("/incidents/offline", "/incidents/new", "/me/", "/tonight")
"""What an account may read without a line, as it was when there was one."""
LISTS = ("/tonight/list",)
"""What those pages read, fetched again only when it has changed."""
LOOKS = (
    "css/app.css",
    "css/desk.css",
    "css/me.css",
    "css/night.css",
    "css/tonight.css",
    "css/log.css",
    "css/point.css",
    "vendor/htmx.min.js",
    "js/app.js",
    "js/photos.js",
    "icon.svg",
    "icons.svg",
)
SCRIPTS = ("js/pending.js", "js/point_pending.js", "js/secrecy.js", "js/sw_push.js")
"""Of the worker itself; what is not there is left out."""


@bp.get("/sw.js")
@guard.public
def worker() -> ResponseReturnValue:
    """The worker with the list of what it keeps; another list is another release."""
    folder = Path(current_app.static_folder or "static")
    shell = [asset(name) for name in (*LOOKS, *_named_by_looks(folder))]
    scripts = [asset(name) for name in SCRIPTS if (folder / name).exists()]
    body = (folder / "sw.js").read_text(encoding="utf-8")
    facts = {
        "SHELL": shell,
        "PAGES": PAGES,
        "LISTS": LISTS,
        "SCRIPTS": scripts,
        "SECRECY": dict(secrecy.RULES),
        "SIGNED_OUT": render_template("incidents/creation/signed_out.html", said=_signed_out()),
    }
    release = hashlib.sha256((json.dumps(facts) + body).encode()).hexdigest()[:12]
    named = {"RELEASE": release, **facts}
    lines = [f"const {name} = {json.dumps(value)};" for name, value in named.items()]
    response = make_response("\n".join([*lines, body]))
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _signed_out() -> dict[str, tuple[str, str]]:
    """In both languages: the worker does not know which one was read."""
    said = {}
    for language in LOCALES:
        with force_locale(language):
            told = _("Tên và số điện thoại đã xóa khỏi máy này. Có mạng lại là tài khoản được đăng xuất ngay.")
            said[language] = _("Đã đăng xuất trên máy này"), told
    return said


def _named_by_looks(folder: Path) -> list[str]:
    """Modules that other modules import, and fonts."""
    found = (str(path.relative_to(folder)) for pattern in ("js/*.js", "fonts/*.woff2") for path in folder.glob(pattern))
    return sorted(name for name in found if name not in LOOKS)


@bp.get("/incidents/offline")
@guard.requires("incident.log")
def index() -> ResponseReturnValue:
    """Return what is still on this machine, whom to ring, and where one can go without a line."""
    now, actor = clock.now(), guard.current_actor()
    code = default_unit_code(actor)
    unit = people.unit_by_code(code) if code else None
    numbers = ringable.numbers(unit, actor, now=now) if unit is not None else []
    return render_template(
        "incidents/creation/index.html", now=now, numbers=numbers, kinds=queries.duty_kinds_by_code()
    )


@bp.get("/incidents/offline/account")
@guard.public
def account() -> ResponseReturnValue:
    """Whose session this is, for the sender on this machine; 401: nobody's."""
    if not current_user.is_authenticated or g.get("desk_session") is not None:
        return _private(jsonify(account=None), 401)
    return _private(jsonify(account=guard.current_actor().ref, csrf=generate_csrf()))


@bp.post("/incidents/offline/send")
@guard.requires("incident.log")
def send() -> ResponseReturnValue:
    """One report that was kept: logged once, whatever became of earlier tries. Likely duplicates are not asked about
    here, because nobody may be looking; the page of the incident shows them. Only whoever wrote it sends it: 409 for
    another account, and it stays on the phone."""
    now, actor, form = clock.now(), guard.current_actor(), QuickLogForm()
    if form.account.data and form.account.data != actor.ref:
        raise Conflict("incident.kept_by_another", state={"account": actor.ref})
    photos, unread = uploads.photos()
    for fault in unread:
        form.take(fault)
    if unread or not form.validate():
        return _refused(form)
    try:
        done = quick_log.log(form.entry(request.form, photos), asked=None, actor=actor, now=now)
    except DomainError as error:
        form.validate()
        form.take(error)
        return _refused(form, asked=error.code == "incident.name_asked")
    return _private(jsonify(code=done.code, created=done.created), 201 if done.created else 200)


def _refused(form: QuickLogForm, *, asked: bool = False) -> Response:
    """``asked``: it may be sent as it is once somebody has said that the name in it is nobody's."""
    said = [f"{field.label.text}: {text}" for field in form for text in field.errors]
    return _private(jsonify(problems=said, asked=asked), 422)


def _private(response: Response, status: int = 200) -> Response:
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
