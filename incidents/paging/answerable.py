"""What running incidents ask somebody and a telephone can answer: take it, help, say that one knows or is still on it.

By a text the words carry no more authority than by link: the call was made to this person, whose number answers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _, ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.actor import Actor
from core.db import db
from core.errors import Conflict
from duty.pending_actions.registry import FIRST, ActionAnswer, ActionSource, PendingAction
from incidents.escalation.models import TO_TAKE, Ask as Question
from incidents.merging import services as merging
from incidents.paging import bundle
from incidents.record import naming, states, transitions
from incidents.record.models import Escalation, Incident
from incidents.response import lifecycle, responders
from incidents.together import services as together, words
from people.models import Person

MANY = 3
"""From so many calls on, taking them all is a choice too, as by one key."""


def _all_calls(person: Person, now: datetime) -> list[PendingAction]:
    """All that are not taken singly."""
    divided = together.divided(bundle.incidents(person, now))
    called = [str(each.id) for each in divided.together]
    if len(called) < MANY:
        return []
    does, but = _("nhận cả %(num)s sự cố", num=len(called)), words.but(divided.apart)
    if but:
        does = _("%(does)s, %(but)s", does=does, but=but)
    spoken = ngettext("%(num)s sự cố đang chờ đồng chí.", "%(num)s sự cố đang chờ đồng chí.", len(called))
    topics = tuple(transitions.topic(int(each)) for each in called)
    return [PendingAction("calls", ",".join(called), FIRST, does, spoken, topics, harmless=True)]


def _take_all(person: Person, ask: PendingAction, said: ActionAnswer, actor: Actor, *, now: datetime) -> None:
    """One that somebody else has meanwhile stays theirs, and one that is taken singly by now nobody's; Conflict only
    where nothing is left to take."""
    refused: list[Conflict] = []
    called = ask.ref.split(",")
    for each in called:
        try:
            _take_call(person, replace(ask, ref=each), said, actor, now=now, mode="along")
        except Conflict as fault:
            db.session.rollback()
            refused.append(fault)
    if len(refused) == len(called):
        raise refused[0]


def _worst_call(person: Person, now: datetime) -> list[PendingAction]:
    """The first of those that are taken singly: it stands before what takes the others."""
    return [ask for ask, is_single in _calls(person, now) if is_single][:1]


def _other_calls(person: Person, now: datetime) -> list[PendingAction]:
    first = {ask.ref for ask in _worst_call(person, now)}
    return [ask for ask, _single in _calls(person, now) if ask.ref not in first]


def _calls(person: Person, now: datetime) -> list[tuple[PendingAction, bool]]:
    """Each with whether it is taken singly."""
    found = []
    for incident in bundle.incidents(person, now):
        does = _("nhận %(code)s", code=incident.code)
        if incident.severity == naming.WORST:
            does = _("nhận %(code)s, mức 1", code=incident.code)
        spoken = _("Sự cố %(code)s đang chờ đồng chí.", code=incident.code)
        ask = PendingAction(
            "call", str(incident.id), FIRST, does, spoken, (transitions.topic(incident.id),), True, True
        )
        found.append((replace(ask, restricted=incident.restricted), naming.is_taken_singly(incident)))
    return found


def _take_call(
    person: Person,
    ask: PendingAction,
    said: ActionAnswer,
    actor: Actor,
    *,
    now: datetime,
    mode: lifecycle.TakingMode = "alone",
) -> None:
    called = int(ask.ref)
    own = actor.person_id == person.id
    if not said.yes:
        lifecycle.pass_on(called, actor=actor, now=now, person_id=person.id, note=said.note)
        return
    # A person called by a report that turned out to be another incident answers for that one.
    incident_id = merging.target(called)
    try:
        lifecycle.acknowledge(
            incident_id, actor=actor, now=now, person_id=person.id, note=said.note, by_phone=not own, mode=mode
        )
    except Conflict:
        if not own or not responders.noted_instead(incident_id, actor=actor, now=now, note=said.note):
            raise


def _questions(person: Person, now: datetime) -> list[PendingAction]:
    open_ones = (
        select(Question)
        .join(Incident, Incident.id == Question.incident_id)
        .options(joinedload(Question.incident))
        .where(Question.person_id == person.id, Question.state == "open", Incident.status.in_(states.UNFINISHED))
        .order_by(Question.id)
    )
    return [_question(each) for each in db.session.scalars(open_ones)]


def _question(each: Question) -> PendingAction:
    code = each.incident.code
    does = {
        "handover": _("nhận bàn giao %(code)s", code=code),
        "reassign": _("nhận %(code)s", code=code),
        "more": _("hỗ trợ %(code)s", code=code),
        "confirm": _("báo đã nắm %(code)s", code=code),
        "arrival": _("báo đã đến nơi %(code)s", code=code),
    }[each.kind]
    spoken = _("Sự cố %(code)s đang chờ đồng chí.", code=code)
    topics = [transitions.ask_topic(each.incident_id, each.id)]
    if each.kind == "confirm":  # the call of the step asked it first
        topics.append(transitions.topic(each.incident_id))
    refusable = each.kind in (*TO_TAKE, "more")
    return PendingAction(
        "question",
        str(each.id),
        FIRST,
        does,
        spoken,
        tuple(topics),
        refusable=refusable,
        harmless=each.kind == "confirm",
        restricted=each.incident.restricted,
    )


def _take_question(person: Person, ask: PendingAction, said: ActionAnswer, actor: Actor, *, now: datetime) -> None:
    question = db.session.get_one(Question, int(ask.ref))
    responders.answer(
        question.incident_id,
        question.id,
        accept=said.yes,
        actor=actor,
        now=now,
        note=said.note,
        by_phone=actor.person_id != person.id,
    )


def _alive(person: Person, now: datetime) -> list[PendingAction]:
    silent = (
        select(Incident)
        .join(Escalation, Escalation.incident_id == Incident.id)
        .where(
            Incident.acknowledged_by_id == person.id,
            Incident.status == "acknowledged",
            Escalation.waits_for == "grace",
        )
    )
    return [
        PendingAction(
            "alive",
            str(each.id),
            FIRST,
            _("báo vẫn đang xử lý %(code)s", code=each.code),
            _("Sự cố %(code)s đang chờ đồng chí.", code=each.code),
            (transitions.ask_topic(each.id, None),),
            harmless=True,
            restricted=each.restricted,
        )
        for each in db.session.scalars(silent.order_by(Incident.id))
    ]


def _take_alive(_person: Person, ask: PendingAction, said: ActionAnswer, actor: Actor, *, now: datetime) -> None:
    responders.still_on_it(int(ask.ref), actor=actor, now=now, note=said.note)


SOURCES = (
    ActionSource("call", _worst_call, _take_call),
    ActionSource("calls", _all_calls, _take_all),
    ActionSource("call", _other_calls, _take_call),
    ActionSource("question", _questions, _take_question),
    ActionSource("alive", _alive, _take_alive),
)
