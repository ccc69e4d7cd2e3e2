"""Whom a step, or a question, calls: those who are there; those recorded absent get one message that does not ring.
The timeline says who was called and who was not, and why. In the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from incidents.escalation.decide import EMPTY_RULES, EscalationDecision
from incidents.escalation.lookups import NEVER_LEFT, EscalationLookups
from incidents.escalation.page_words import NamedCallee, SameStepCallees
from incidents.escalation.pages import BY_HAND, Calling, climb
from incidents.escalation.targets import TargetDirectory, TargetPeople
from incidents.policies.rules import Policy, Target
from incidents.record import timeline, transitions
from incidents.record.models import Incident, Page
from notify.models import Message
from people.notification_rules.rules import to_know
from roster.resolver.resolution import DutyPerson

OF_HOLDER = ("alive", "arrival")
BY_DUTY = ("call", "handover", "confirm", *OF_HOLDER)
"""Purposes for which people are called because of their duty, or because they have it. Whom somebody chose by name is
called in any case."""


def call(
    session: Session,
    incident: Incident,
    decision: EscalationDecision,
    directory: TargetDirectory,
    *,
    now: datetime,
    late: timedelta,
    careful: bool = True,
) -> list[Page]:
    """Call the people of ``decision`` and tell those who are recorded absent, once; the calls that wait for an answer.
    ``late``: how long after it was due. Writes the timeline.

    ``careful``: each person's call in a savepoint of its own. Without it all is written at the caller's flush, and
    what does not fit into a row is a fault of the whole transaction. Raises what the database raises.
    """
    policy, at_step = directory.known.policy(incident), decision.fired if decision.fired is not None else 0
    calling = Calling(
        session,
        incident,
        at_step,
        decision.cycle,
        now,
        late,
        known=directory.known,
        careful=careful,
        everybody=decision.fired is not None and policy.steps[decision.fired].all_must,
    )
    told = _pass_over(calling, policy, decision, directory)
    if decision.fired is None:
        return []
    pages: list[Page] = []
    called = directory.called(policy.steps[decision.fired])
    calling = replace(calling, beside=_beside(policy, decision, directory, called))
    for target, meant in called if any(meant.people for _target, meant in called) else ():
        pages += _call(replace(calling, duty=target.duty), meant)
    if decision.last_resort:
        known = {page.person_id for page in (*pages, *told)}
        others = directory.last_resort()
        pages += _last_resort(replace(calling, duty=policy.steps[decision.fired].duty), others, known)
    if not pages and not told:
        timeline.write(session, incident, "nobody", "worker", now=now, step=decision.fired, cycle=decision.cycle)
    return [page for page in pages if not page.away]


@dataclass(frozen=True)
class ExtraCall:
    """A call beside the steps: a question (``ask_id``), or for a sign of life.

    ``step``: under which step the timeline shows it (``None``: the last that was fired). ``then``: what comes of it
    that somebody is recorded absent, for the timeline.
    """

    purpose: str
    duty: str | None = None
    ask_id: int | None = None
    step: int | None = None
    then: str = ""


def put(
    session: Session,
    incident: Incident,
    meant: TargetPeople,
    call: ExtraCall,
    *,
    now: datetime,
) -> list[Page]:
    """Call people beside the steps, which stay as they are: to put a question to them (``Ask``), or for a sign of life.

    What is said to answer a question has a topic of its own: it is not taken back when somebody takes the incident.
    """
    escalation = incident.escalation
    escalation.fired += 1
    purpose, ask_id = call.purpose, call.ask_id
    at_step = call.step if call.step is not None else max(0, escalation.step - 1)
    topic = transitions.ask_topic(incident.id, ask_id) if purpose != "call" else ""
    calling = Calling(
        session, incident, at_step, escalation.cycle, now, timedelta(0), call.duty, purpose, ask_id, topic
    )
    if purpose not in BY_DUTY or not meant.away:
        return _call(calling, meant)
    there = replace(meant, people=meant.there)
    pages = _call(calling, there) if there.people else []
    away = replace(meant, people=meant.away)
    # The holder was called long ago, when they were there: that was no message about this.
    again = purpose in OF_HOLDER and not _told_away(session, incident, away)
    return pages + _tell(calling, away, call.then, again=again)


def _told_away(session: Session, incident: Incident, meant: TargetPeople) -> bool:
    """Whether one of them has had the message that the absent get."""
    ids = [person.person_id for person in meant.people]
    had = select(Page.id).join(Message, Message.id == Page.message_id)
    had = had.where(
        Page.incident_id == incident.id, Page.person_id.in_(ids), Page.away, Message.state.not_in(NEVER_LEFT)
    )
    return session.scalar(had.limit(1)) is not None


def to_call(incident: Incident, persons: Sequence[DutyPerson]) -> tuple[DutyPerson, ...]:
    """Return them without those recorded absent who have had their message, or have no way for it."""
    known = EscalationLookups()
    ladders = known.ladders([person.person_id for person in persons])
    return tuple(
        person
        for person in persons
        if person.away_until is None
        or (to_know(ladders[person.person_id]) is not None and person.person_id not in known.told(incident))
    )


def _beside(
    policy: Policy,
    decision: EscalationDecision,
    directory: TargetDirectory,
    called: Sequence[tuple[Target, TargetPeople]],
) -> SameStepCallees:
    """Who else hears of it now, and who next if nobody answers; all of them are looked up already."""
    following = range(decision.next_step, len(policy.steps))
    step = next((each for each in following if not directory.who(policy.steps[each]).empty), None)
    if step is None:
        return SameStepCallees(_callees(called))
    return SameStepCallees(_callees(called), _callees(directory.called(policy.steps[step])), step, decision.next_at)


def _callees(called: Sequence[tuple[Target, TargetPeople]]) -> tuple[NamedCallee, ...]:
    return tuple(
        NamedCallee(person.person_id, person.name, _name(target), meant.rule)
        for target, meant in called
        for person in meant.people
    )


def _name(target: Target) -> str | None:
    return target.duty or (f"head:{target.head}" if target.head else None)


def _pass_over(
    calling: Calling, policy: Policy, decision: EscalationDecision, directory: TargetDirectory
) -> list[Page]:
    """The timeline says which steps and targets call nobody, and why; their absent people get one message each."""
    skipped = {index: policy.steps[index] for index in decision.skipped}
    empty = {index: step for index, step in skipped.items() if not directory.away(step)}
    session, incident, now = calling.session, calling.incident, calling.now
    if empty:
        names = [_name(target) for step in empty.values() for target in step.targets]
        timeline.write(session, incident, "skipped", "worker", now=now, steps=list(empty), duties=names)
    fired = {decision.fired: policy.steps[decision.fired]} if decision.fired is not None else {}
    told: list[Page] = []
    for index, step in {**skipped, **fired}.items():
        chain = index in fired and decision.answer is not None and decision.answer.rule in EMPTY_RULES
        absent = directory.away(step, chain=chain)
        for target, meant in absent:
            told += _tell(replace(calling, step=index, duty=target.duty), meant, _then(decision, index), _name(target))
        vacant = [_name(target) for target in directory.vacant(step)]
        if vacant and not chain and index not in empty:
            timeline.write(
                session,
                incident,
                "vacant",
                "worker",
                now=now,
                step=index,
                cycle=calling.cycle,
                duties=vacant,
                others=index not in skipped,
            )
    return told


def _then(decision: EscalationDecision, index: int) -> str:
    """Return what comes of it that the people of step ``index`` are absent."""
    if decision.fired is None:
        return "later"
    if decision.fired in decision.skipped:
        return "chain"
    if decision.fired == index:
        return "others"
    return "next" if decision.fired > index else "again"


def _tell(
    calling: Calling, meant: TargetPeople, then: str, name: str | None = None, *, again: bool = False
) -> list[Page]:
    """One message that does not ring to each who is recorded absent, once an incident (``again``: once more)."""
    ladders = calling.known.ladders([person.person_id for person in meant.people])
    told, pages = calling.known.told(calling.incident), list[Page]()
    for each in meant.people:
        rung = to_know(ladders[each.person_id])
        if rung is not None and (again or each.person_id not in told):
            told.add(each.person_id)
            at_once = replace(rung, delay=timedelta(0))
            pages += climb(replace(calling, away=True), meant, each, [at_once])
    written = {page.person_id for page in pages}
    timeline.write(
        calling.session,
        calling.incident,
        "away",
        "worker",
        now=calling.now,
        step=calling.step,
        cycle=calling.cycle,
        duty=name or calling.duty,
        rule=meant.rule,
        then=then,
        people=[person.name for person in meant.people],
        told=[person.name for person in meant.people if person.person_id in written],
    )
    return pages


def _last_resort(calling: Calling, meant: TargetPeople, called: Collection[int]) -> list[Page]:
    """Who has an address and was not ``called`` at this moment. Where really everybody is recorded absent they hear of
    it at each turn: an incident is never silent."""
    new = replace(meant, people=tuple(person for person in meant.people if person.person_id not in called))
    pages = _call(calling, replace(new, people=new.there)) if new.there else []
    if new.away:
        then = "all" if meant.all_away else "others"
        pages += _tell(calling, replace(new, people=new.away), then, again=meant.all_away)
    return pages


def _call(calling: Calling, meant: TargetPeople) -> list[Page]:
    """Pages for each, one a channel, and one line of the timeline for them all."""
    ladders = calling.known.ladders([person.person_id for person in meant.people])
    pages = [page for each in meant.people for page in climb(calling, meant, each, ladders[each.person_id])]
    by_hand = {page.person_id for page in pages if page.channel == BY_HAND}
    kind = "called" if calling.purpose == "call" else "asked"
    timeline.write(
        calling.session,
        calling.incident,
        kind if pages else "nobody",
        "worker",
        now=calling.now,
        step=calling.step,
        cycle=calling.cycle,
        duty=calling.duty,
        rule=meant.rule,
        purpose=calling.purpose,
        people=[person.name for person in meant.people],
        by_hand=[person.name for person in meant.people if person.person_id in by_hand],
        late=round(calling.late.total_seconds()),
    )
    return pages
