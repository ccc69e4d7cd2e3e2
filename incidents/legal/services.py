"""The legal steps of an incident: read them, record one, and hold the incident open until they have values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, NoReturn

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.actor import Actor
from core.db import db
from core.errors import Conflict, FieldError, Invalid, NotFound, ensure_none
from core.text import nfc
from incidents.attachments import services as attachments
from incidents.catalogue.models import IncidentCategory
from incidents.legal import steps as rules, words
from incidents.legal.models import LegalStep
from incidents.legal.steps import ClosingStep, StepField, Values
from incidents.record import access, timeline, transitions
from incidents.record.models import Incident
from incidents.words import LONGEST_LINE


def applies(incident: Incident) -> bool:
    """Whether its category follows the steps; the catalogue says which do."""
    kind = db.session.get(IncidentCategory, incident.category)
    return kind is not None and kind.legal


def rows(incident: Incident) -> dict[str, LegalStep]:
    """step → its row."""
    kept = select(LegalStep).where(LegalStep.incident_id == incident.id)
    return {row.step: row for row in db.session.scalars(kept)}


def recorded(incident: Incident) -> dict[str, Values]:
    """step → values, as the rules read them."""
    return {key: load(rules.BY_KEY[key], row.values) for key, row in rows(incident).items()}


def step_of(key: str) -> ClosingStep:
    """Raises ``NotFound("legal.step")``."""
    if key not in rules.BY_KEY:
        raise NotFound("legal.step")
    return rules.BY_KEY[key]


def record(incident_id: int, step_key: str, values: Values, *, actor: Actor, now: datetime) -> LegalStep:
    """The step as it is known now, whole or in part; what it said before stays in the timeline.

    ``values`` by field (``legal_steps``): moments aware, not after ``now``. Raises ``Invalid`` at the fields,
    ``Conflict`` for another category, for what must come first, and once the incident is closed.
    """
    step = step_of(step_key)
    with transitions.changing(incident_id, actor, "legal", now) as (session, incident):
        access.ensure_act(actor, incident, now=now)
        known = _known(incident, step)
        wanted = _checked(incident, step, values, actor, now=now)
        if not wanted and known is None:
            raise Invalid("legal.empty", field=step.fields[0].key)
        first = rules.may_follow(step, wanted, recorded(incident))
        if first is not None:
            _refuse_order(step, first, wanted)
        return _keep(session, incident, step, known, wanted=wanted, actor=actor, now=now)


def ensure_complete(incident: Incident) -> None:
    """Raise ``Conflict`` with what is missing, in words and as codes, unless the steps that closing asks for have
    values. What is joined to it is closed with it: its steps count, unless the main one has its own."""
    for one in [incident, *_joined(incident)]:
        lacking = rules.to_close(recorded(one)) if applies(one) else {}
        if lacking and (one is incident or not applies(incident)):
            _refuse_closing(incident, lacking)


def _joined(incident: Incident) -> list[Incident]:
    joined = select(Incident).where(Incident.joined_to_id == incident.id)
    return list(db.session.scalars(joined.order_by(Incident.id)))


def _refuse_closing(incident: Incident, lacking: dict[str, list[str]]) -> NoReturn:
    state = {"code": incident.code, "status": incident.status, "missing": lacking}
    raise Conflict("legal.incomplete", state=state, missing=words.lacking(lacking))


def store(step: ClosingStep, values: Values) -> dict[str, Any]:
    """Return them as JSON keeps them; fields without a value are left out."""
    kept = {field.key: values[field.key] for field in step.fields if values.get(field.key)}
    return {key: _plain(value) for key, value in kept.items()}


def load(step: ClosingStep, stored: Values) -> dict[str, Any]:
    """The inverse of ``store``."""
    return {key: _parse_value(step.field(key), value) for key, value in stored.items()}


def _known(incident: Incident, step: ClosingStep) -> LegalStep | None:
    if not applies(incident):
        raise Conflict("legal.none", state={"code": incident.code, "category": incident.category})
    if incident.status == "closed":
        raise Conflict("legal.closed", state={"code": incident.code, "status": incident.status})
    return rows(incident).get(step.key)


def _keep(
    session: Session,
    incident: Incident,
    step: ClosingStep,
    known: LegalStep | None,
    *,
    wanted: Values,
    actor: Actor,
    now: datetime,
) -> LegalStep:
    kept = store(step, wanted)
    if known is None:
        known = LegalStep(incident_id=incident.id, step=step.key, values=kept, recorded_at=now, recorded_by=actor.name)
        session.add(known)
        timeline.write(session, incident, "legal_step", actor, now=now, step=step.key, values=kept)
    else:
        changed = rules.changes(step, known.values, kept)
        if not changed:
            return known
        was = {key: known.values.get(key) for key in changed}
        is_now = {key: kept.get(key) for key in changed}
        kind = "legal_corrected" if any(was.values()) else "legal_added"
        timeline.write(session, incident, kind, actor, now=now, step=step.key, before=was, after=is_now)
        known.values, known.recorded_at, known.recorded_by = kept, now, actor.name
    _leadership_told(incident, step, wanted, actor)
    session.flush()
    return known


def _leadership_told(incident: Incident, step: ClosingStep, wanted: Values, actor: Actor) -> None:
    """The step says that they were told: nobody is asked to write it down once more for the clock."""
    if step.key == "leadership" and not rules.missing(step, wanted) and incident.leadership_told_at is None:
        incident.leadership_told_at = max(wanted["at"], incident.clocks_from or incident.created_at)
        incident.leadership_told_by = actor.name


def _checked(incident: Incident, step: ClosingStep, values: Values, actor: Actor, *, now: datetime) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    faults = []
    for field in step.fields:
        try:
            value = _value(incident, field, values.get(field.key), actor)
        except Invalid as fault:
            faults += fault.errors
        else:
            if value:
                wanted[field.key] = value
    late = rules.in_future(step, wanted, now, clock.local_date(now))
    faults += [FieldError(key, "legal.future") for key in late]
    ensure_none(faults)
    return wanted


def _value(incident: Incident, field: StepField, value: Any, actor: Actor) -> Any:
    if value is None or value == "":
        return None
    if field.kind == "choice" and value not in rules.HOW:
        raise Invalid("legal.choice", field=field.key)
    if field.kind == "count" and not 1 <= value <= rules.MOST_COPIES:
        raise Invalid("legal.number", field=field.key)
    if field.kind == "attachment" and not attachments.named(incident, [value]):
        raise Invalid("attachment.unknown", field=field.key)
    if field.kind == "parties":
        return _parties(incident, field, value, actor)
    if field.kind in ("line", "text"):
        most = LONGEST_LINE if field.kind == "line" else rules.LONGEST_TEXT
        return _said(incident, field.key, value, actor, most=most, line=field.kind == "line")
    return value


def _parties(incident: Incident, field: StepField, value: Any, actor: Actor) -> list[dict[str, str]]:
    parties = rules.parties_of(value)
    if len(parties) > rules.MOST_PARTIES or any(not each["name"] for each in parties):
        raise Invalid("legal.parties", field=field.key, most=rules.MOST_PARTIES)
    return [
        {key: _said(incident, field.key, said, actor, most=LONGEST_LINE, line=True) for key, said in each.items()}
        for each in parties
    ]


def _said(incident: Incident, key: str, value: str, actor: Actor, *, most: int, line: bool) -> str:
    said = " ".join(nfc(value).split()) if line else nfc(value).strip()
    if len(said) > most:
        raise Invalid("legal.long", field=key, most=most)
    return timeline.discreet(incident, said, actor, key)


def _refuse_order(step: ClosingStep, code: str, wanted: Values) -> None:
    if code == "legal.request_first":
        lacking = [key for key in rules.WRITTEN_REQUEST if not wanted.get(key)]
        raise Invalid(code, errors=[FieldError(key, code) for key in lacking])
    raise Conflict(code, state={"step": step.key, "first": "suspend"})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _parse_value(field: StepField | None, value: Any) -> Any:
    if field is not None and field.kind == "when" and value:
        return datetime.fromisoformat(value)
    if field is not None and field.kind == "day" and value:
        return date.fromisoformat(value)
    return value
