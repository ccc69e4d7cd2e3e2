"""Pages for oneself: my shifts, and the calendar addresses that I subscribe with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import segno
from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from core import clock
from core.actor import Actor
from core.db import db
from core.errors import Conflict, DomainError, Invalid
from core.form_values import whole_number
from core.i18n import locale
from core.web import back
from duty.on_duty import my_duty, own_page, own_sections
from people import queries as people
from people.absences import asking, queries as absence_queries
from people.access import guard, permissions
from people.models import Person
from people.notification_rules import ladders, words as reach_words
from roster.call_outs import queries as call_outs, words as call_out_words
from roster.confirmations import services as confirmations
from roster.consents import queries as consent_queries
from roster.coverage import words as wording_unsure
from roster.feeds import services as subscriptions
from roster.feeds.facts import Options, Subject
from roster.feeds.models import FeedSubscription
from roster.reachability import report
from roster.reachability.address_scope import reach_of, webcal

bp = Blueprint("me", __name__, url_prefix="/me")
READERS = (
    ("google-calendar", _l("Google Lịch")),
    ("googlebot", _l("Google Lịch")),
    ("dataaccessd", "iPhone, iPad"),
    ("ios/", "iPhone, iPad"),
    ("calendaragent", _l("Lịch trên máy Mac")),
    ("macos/", _l("Lịch trên máy Mac")),
    ("outlook", "Outlook"),
    ("microsoft", "Outlook"),
    ("exchange", "Outlook"),
    ("icsx5", "ICSx5"),
    ("davx5", "DAVx5"),
    ("thunderbird", "Thunderbird"),
    ("vdirsyncer", "vdirsyncer"),
)


@bp.get("/")
@guard.requires("roster.read")
def index() -> ResponseReturnValue:
    """My current, coming and past shifts; what I told about absences and wishes; my calendar on the phone."""
    return _index()


@bp.post("/")
@guard.requires("roster.read")
def act() -> ResponseReturnValue:
    """``do``: confirm (with what cannot be served), or a verb of a section."""
    actor, now, form = guard.current_actor(), clock.now(), request.form
    do = form.get("do", "")
    verb = {"confirm": _confirm, "disown": own_page.disown}.get(do) or own_sections.verb(do)
    if actor.person_id is None or verb is None:
        raise Invalid("me.unknown_answer", field="do")
    try:
        verb(people.person_by_id(actor.person_id), actor, form, now)
    except DomainError as fault:
        db.session.rollback()
        return _index(fault.message(), fault.http_status)
    if actor.via == "desk":  # the page that opens next is of whoever sits there
        return back("/", _("Đã ghi cho %(name)s.", name=actor.name))
    return back(url_for(".index", ways=request.args.get("ways")), _("Đã ghi."))


def _confirm(person: Person, actor: Actor, form: own_sections.Form, now: datetime) -> None:
    seen, cannot = own_page.shown(form.getlist("seen")), own_page.ids(form.getlist("cannot"))
    if not confirmations.answer_all(person.id, cannot, seen=seen, note=form.get("note", ""), actor=actor, now=now):
        raise Conflict("confirmation.changed")


def _index(problem: str = "", status: int = 200) -> ResponseReturnValue:
    now, actor = clock.now(), guard.current_actor()
    person = people.person_by_id(actor.person_id) if actor.person_id is not None else None
    facts = _facts_of(person, now) if person is not None else {"mine": None}
    page = render_template(
        "duty/on_duty/me.html",
        person=person,
        problem=problem,
        typed=request.form,
        now=now,
        kinds=_kinds(),
        feed=_own_feed(actor),
        reader=reader,
        webcal=webcal,
        url_of=subscriptions.url_of,
        reach=_reach(),
        asks=consent_queries.open_for(actor, now=now),
        **facts,
    )
    return page, status


def _facts_of(person: Person, now: datetime) -> dict[str, Any]:
    own, today = own_page.read_own_page(person, now=now), clock.local_date(now)
    mine = own.mine
    absences = [each for each in absence_queries.list_for_person(person.id) if each.to_on >= today]
    lead, ladder = next(iter(mine.current or mine.coming), None), ladders.ladder(person)
    return {
        "mine": mine,
        "own": own,
        "sections": own_sections.shown(person, now, request.args),
        "called": call_outs.split(call_outs.list_for_person(person.id, now=now), now),
        "called_words": call_out_words,
        "doubts": wording_unsure.reasons_for_person(person.id, now),
        "lead": lead,
        "neighbours": (own.before, own.after),
        "absences": absences,
        "unanswered": asking.unanswered(absences),
        "wishes": my_duty.wishes_of(person.id, now_on=today),
        "past_points": sum(each.points for each in mine.past),
        "fault": report.fault_of(ladder),
        "reach_sentence": reach_words.sentence(ladder),
    }


@bp.get("/feeds")
@guard.requires("feed.create")
def feeds() -> ResponseReturnValue:
    """The calendar addresses that I made, and a form for more."""
    return _feeds_page()


def _feeds_page(problem: str = "", status: int = 200) -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    within = guard.reach(actor, "feed.create", now=now)
    units = [(depth, unit) for depth, unit in people.unit_tree() if within is None or unit.id in within]
    campaigns = [each for each in my_duty.published_campaigns() if within is None or each.unit_id in within]
    page = render_template(
        "duty/on_duty/feeds.html",
        feeds=[(each, subscriptions.feed_name(each)) for each in subscriptions.feeds_of(actor)],
        units=units,
        campaigns=campaigns,
        kinds=_kinds(),
        reader=reader,
        problem=problem,
        typed=request.form,
        offers_own=actor.person_id is not None and _own_feed(actor) is None,
        reach=_reach(),
        may_show_phones=permissions.may_anywhere(actor.role, "person.contact") and actor.role != "viewer",
    )
    return page, status


@bp.post("/feeds")
@guard.requires("feed.create")
def create_feed() -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    try:
        feed = subscriptions.subscribe(_subject(actor), _options(), now=now, actor=actor)
    except DomainError as error:
        return _feeds_page(error.message(), error.http_status)
    return back(url_for(".feed", feed_id=feed.id), _("Đã có địa chỉ lịch. Thêm địa chỉ này vào máy đang dùng."))


def _subject(actor: Actor) -> Subject:
    """Return what the form wants a feed of."""
    scope = request.form.get("scope")
    if scope == "person" and actor.person_id is not None:
        return Subject("person", person_id=actor.person_id)
    campaign_id = whole_number(request.form.get("campaign"))
    if scope == "campaign" and campaign_id is not None:
        return Subject("campaign", campaign_id=campaign_id)
    if scope == "unit" and request.form.get("unit"):
        unit_id, duty = people.unit_by_code(request.form["unit"]).id, request.form.get("duty") or None
        return Subject("duty" if duty else "unit", unit_id=unit_id, duty=duty)
    raise Invalid("feed.choose", field="scope")


def _options() -> Options:
    """How the form wants it shown; a form that does not say in which language means the reader's."""
    return Options(
        request.form.get("lang") or locale(), request.form.get("show_phones") == "y", request.form.get("busy") == "y"
    )


@bp.get("/feeds/<int:feed_id>")
@guard.requires("feed.create")
def feed(feed_id: int) -> ResponseReturnValue:
    """One address: QR, webcal, copy, and what to do on which phone."""
    found = subscriptions.owned(feed_id, actor=guard.current_actor())
    url = subscriptions.url_of(found)
    return render_template(
        "duty/on_duty/feed.html",
        feed=found,
        name=subscriptions.feed_name(found),
        url=url,
        webcal=webcal(url),
        reader=reader,
        qr_svg=segno.make(webcal(url), error="m", micro=False).svg_inline(border=0, omitsize=True) if url else "",
        reach=_reach(),
        phone=_phone(),
        may_show_phones=subscriptions.may_show_phones(found, actor=guard.current_actor()),
    )


@bp.post("/feeds/<int:feed_id>/options")
@guard.requires("feed.create")
def change_feed(feed_id: int) -> ResponseReturnValue:
    subscriptions.change(feed_id, _options(), now=clock.now(), actor=guard.current_actor())
    return back(url_for(".feed", feed_id=feed_id), _("Đã lưu. Lịch trên máy đổi theo ở lần tải lại tiếp theo."))


@bp.post("/feeds/<int:feed_id>/rotate")
@guard.requires("feed.create")
def rotate(feed_id: int) -> ResponseReturnValue:
    subscriptions.rotate(feed_id, now=clock.now(), actor=guard.current_actor())
    return back(url_for(".feed", feed_id=feed_id), _("Đã đổi địa chỉ. Địa chỉ cũ không còn dùng được."))


@bp.post("/feeds/<int:feed_id>/revoke")
@guard.requires("feed.create")
def revoke(feed_id: int) -> ResponseReturnValue:
    subscriptions.revoke(feed_id, now=clock.now(), actor=guard.current_actor())
    return back(url_for(".feeds"), _("Đã thu hồi địa chỉ lịch."))


def reader(agent: str) -> str:
    """Return which calendar program fetched a feed, in words that its user knows."""
    low = agent.lower()
    return str(next((name for word, name in READERS if word in low), agent[:60] or _("không rõ")))


def _kinds() -> dict[str, Any]:
    return {kind.code: kind for kind in people.duty_kinds()}


def _own_feed(actor: Actor) -> FeedSubscription | None:
    mine = (each for each in subscriptions.feeds_of(actor) if each.scope == "person")
    return next((each for each in mine if each.person_id == actor.person_id), None)


def _reach() -> str:
    return reach_of(current_app.config["PUBLIC_URL"])


def _phone() -> str:
    """``ios``, ``android`` or nothing: which instructions to open first."""
    agent = request.user_agent.string
    if any(word in agent for word in ("iPhone", "iPad", "Macintosh")):
        return "ios"
    return "android" if "Android" in agent else ""
