"""The page of the outbox: what waits, what was answered, and the click that lets held messages go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.api.pagination import paginate
from core.db import batched, transaction
from core.errors import Conflict, Forbidden
from core.observability.logs import SECRET_PATH
from core.web import back
from notify import outbox, queries
from notify.messages import HOLD_REASONS, STATES
from notify.models import Message
from people.access import guard
from people.contact import verification
from people.models import Person
from people.notification_rules import ladders
from people.notification_rules.words import CHANNEL_NAMES
from people.queries import subtree_ids

bp = Blueprint("outbox", __name__, url_prefix="/outbox")
PAGE = 50
AT_ONCE = 50
"""Held messages that one transaction lets go: calls do not wait for a thousand."""
TABS = {
    "waiting": (_l("Đang chờ"), ("pending", "leased", "held")),
    "held": (_l("Giữ lại"), ("held",)),
    "sent": (_l("Đã gửi"), ("sent",)),
    "refused": (_l("Bị từ chối"), ("failed_permanent",)),
    "withdrawn": (_l("Không gửi nữa"), ("cancelled", "superseded")),
    "all": (_l("Tất cả"), ()),
}


@bp.get("/")
@guard.requires("outbox.read")
def index() -> ResponseReturnValue:
    """Messages by state, the newest first."""
    actor, now = guard.current_actor(), clock.now()
    people = _people(actor, "outbox.read", now)
    tab = request.args.get("state", "waiting")
    tab = tab if tab in TABS else "waiting"
    q = request.args.get("q", "")[:100]
    statement = queries.messages_statement(states=TABS[tab][1], q=q, people=people)
    messages, following = paginate(statement, [Message.id.desc()], limit=PAGE, cursor=request.args.get("cursor"))
    counts = queries.counts(people)
    return render_template(
        "desk/outbox.html",
        messages=messages,
        q=q,
        tab=tab,
        tabs=_tabs(tab, q, counts),
        counts=counts,
        now=now,
        down=queries.open_breakers(),
        channel_names=CHANNEL_NAMES,
        has_gateway=outbox.has_gateway(),
        any_gateway=bool(ladders.carried()),
        obstacle=outbox.obstacle,
        states=STATES,
        reasons=HOLD_REASONS,
        following=url_for(".index", **_as_asked(), cursor=following) if following else None,
    )


@bp.get("/<int:message_id>")
@guard.requires("outbox.read")
def show(message_id: int) -> ResponseReturnValue:
    """One message, its words (without secret links) and every answer."""
    actor, now = guard.current_actor(), clock.now()
    message = queries.message_by_id(message_id, _people(actor, "outbox.read", now))
    # A reader of a code here could prove somebody else's address.
    has_code = message.topic.startswith(verification.topic(""))
    body = "" if has_code else SECRET_PATH.sub(r"\1…", message.body)
    return render_template(
        "desk/outbox_message.html",
        message=message,
        body=body,
        has_code=has_code,
        channel_names=CHANNEL_NAMES,
        obstacle=outbox.obstacle(message) if message.state == "held" else "",
        states=STATES,
        reasons=HOLD_REASONS,
    )


@bp.post("/<int:message_id>/send")
@guard.requires("outbox.send")
def send(message_id: int) -> ResponseReturnValue:
    """Let one held message go."""
    actor, now = guard.current_actor(), clock.now()
    queries.message_by_id(message_id, _people(actor, "outbox.send", now))
    try:
        message = outbox.send_held(message_id, actor=actor, now=now)
    except Conflict as refusal:
        return back(url_for(".show", message_id=message_id), refusal.message(), "warn")
    if message.state == "cancelled":
        why = _("Không gửi nữa: %(why)s.", why=HOLD_REASONS[message.hold_reason])
        return back(url_for(".show", message_id=message_id), why, "warn")
    return back(url_for(".show", message_id=message_id), _("Tin nhắn đã được chuyển đi gửi."))


@bp.post("/send-held")
@guard.requires("outbox.send")
def send_all() -> ResponseReturnValue:
    """Let every held message go that can go and says what is still so; what does not is dropped with its reason."""
    actor, now = guard.current_actor(), clock.now()
    sent = kept = dropped = 0
    for some in batched(queries.held_ids(_people(actor, "outbox.send", now)), AT_ONCE):
        with transaction():
            for message_id in some:
                try:
                    done = outbox.send_held(message_id, actor=actor, now=now)
                    sent, dropped = (sent, dropped + 1) if done.state == "cancelled" else (sent + 1, dropped)
                except Conflict:
                    kept += 1
    words = _("Đã chuyển đi gửi %(sent)s tin nhắn.", sent=sent)
    if dropped:
        words += " " + _("Đã bỏ %(n)s tin không còn đúng.", n=dropped)
    if kept:
        words += " " + _("Còn giữ lại %(kept)s tin nhắn chưa gửi được.", kept=kept)
    return back(url_for(".index"), words, "warn" if kept else "ok")


def _as_asked() -> dict[str, Any]:
    """The filters as they stand in the address: a cursor belongs to them."""
    return {name: request.args[name] for name in ("state", "q") if name in request.args}


def _people(actor: Actor, action: str, now: datetime) -> queries.People | None:
    """Whose messages the actor may see: of people of the own subtree, or of the one on duty for. Raises Forbidden.

    By the person and never by the address: who writes a stranger's address down does not read the stranger's mail.
    """
    answer = guard.allowed(actor, action, actor.unit_id, now=now)
    if answer is False:
        raise Forbidden("forbidden", state={"action": action})
    top = answer.unit_id if isinstance(answer, guard.Grant) else actor.unit_id
    return select(Person.id).where(Person.unit_id.in_(subtree_ids(top))) if top is not None else None


def _tabs(current: str, q: str, counts: dict[str, int]) -> list[dict[str, object]]:
    return [
        {
            "text": text,
            "url": url_for(".index", state=name, q=q or None),
            "current": name == current,
            "count": sum(counts.get(state, 0) for state in states) if name in ("waiting", "held", "refused") else None,
        }
        for name, (text, states) in TABS.items()
    ]
