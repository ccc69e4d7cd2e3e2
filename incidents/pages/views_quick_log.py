"""The quick log: a page, the question whether it is a known incident, and what follows from the answer."""

from __future__ import annotations

from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from core import clock
from core.actor import Actor
from core.errors import DomainError
from core.form_values import whole_number
from core.web import back
from duty.on_duty import rehearsals
from incidents.attachments import uploads
from incidents.blueprint import bp
from incidents.creation import discretion, quick_log
from incidents.creation.forms import QuickLogForm
from incidents.default_unit import reporting_unit_code
from incidents.maintenance import asking as maintenance
from incidents.merging import services as merging
from incidents.record import access, queries
from incidents.triage.questions import questioning
from people import queries as people
from people.access import guard
from roster.models import Rehearsal


@bp.route("/new", methods=["GET", "POST"])
@guard.requires("incident.log")
def new() -> ResponseReturnValue:
    """Logged in fifteen seconds; what was typed stays when something is wrong."""
    now, actor = clock.now(), guard.current_actor()
    asked = asked_rehearsal(now)
    desk_unit_id = current_user.unit_id if actor.via == "desk" else None
    here = asked.campaign.unit.code if asked else reporting_unit_code(actor, desk_unit_id=desk_unit_id, now=now)
    form, problem, kept = QuickLogForm(unit=here, drill="drill" if asked else "real"), "", 0
    form.account.data = actor.ref
    if form.validate_on_submit():
        try:
            answer = _log(form, asked, actor, now)
        except DomainError as error:
            form.take(error)
            problem = error.code
        else:
            return answer
    if request.method == "POST":
        kept = _keep_photos(form, actor, now)
    page = render_template(
        "incidents/creation/new.html",
        form=form,
        drill_offered=bool(rehearsals.running(now=now)),
        discretion=discretion.for_scripts(),
        name_asked=problem == "incident.name_asked",
        kept_photos=kept,
        **questioning(request.form, form.chosen_category(), bool(form.party_state.data)),
    )
    return page, 422 if request.method == "POST" else 200


def _keep_photos(form: QuickLogForm, actor: Actor, now: datetime) -> int:
    """Whoever mends a word does not photograph again; how many photos wait."""
    photos, _unread = uploads.photos()
    return quick_log.keep_photos(form.form_key.data or "", photos, actor=actor, now=now)


def _log(form: QuickLogForm, asked: Rehearsal | None, actor: Actor, now: datetime) -> ResponseReturnValue:
    """Log it, add it to the incident that it is, or ask which first."""
    photos, unread = uploads.photos()
    if unread:
        raise unread[0]
    entry, same = form.entry(request.form, photos), request.form.get("same", "")
    done = quick_log.add_to(same, entry, actor=actor, now=now) if same else quick_log.known(entry, actor)
    if done is None and request.form.get("distinct") != "1":
        likely = quick_log.alike(entry, actor=actor, now=now)
        if likely:
            kept = quick_log.keep_photos(entry.form_key, entry.photos, actor=actor, now=now)
            return render_template("incidents/creation/alike.html", entry=entry, likely=likely, kept=kept)
    if done is None and request.form.get("during") != "1":
        held = maintenance.lines(entry, now)
        if held:
            kept = quick_log.keep_photos(entry.form_key, entry.photos, actor=actor, now=now)
            return render_template("incidents/maintenance/asked.html", entry=entry, held=held, kept=kept)
    done = done or quick_log.log(entry, asked=asked, actor=actor, now=now)
    if same:
        said = _("Đã thêm vào %(code)s.", code=done.code)
    elif done.created:
        said = _("Đã ghi %(code)s.", code=done.code)
    else:
        said = _("Việc này đã được báo: %(code)s.", code=done.code)
    # What somebody adds may be what hides it from them.
    sees = access.sees(actor, queries.by_code(done.code), now=now)
    return back(url_for(".detail", code=done.code) if sees else url_for(".board"), said)


@bp.get("/new/alike")
@guard.requires("incident.log")
def alike() -> ResponseReturnValue:
    """Show open incidents that may be this one, while the quick log is filled in."""
    now, sent = clock.now(), request.args
    category = sent.get("more") or sent.get("category") or ""
    title, unit = sent.get("title", "")[:600], people.find_unit(sent.get("unit", ""))
    asked = bool(unit and category and sent.get("drill") != "drill")
    likely = merging.alike(unit.id, category, title, now, actor=guard.current_actor()) if unit and asked else []
    return render_template("incidents/creation/_alike.html", likely=likely)


def asked_rehearsal(now: datetime) -> Rehearsal | None:
    """The running rehearsal whose desk led here (``?rehearsal=``)."""
    asked = whole_number(request.args.get("rehearsal"))
    return next((each for each in rehearsals.running(now=now) if each.id == asked), None)
