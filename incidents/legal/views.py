"""Pages of the legal steps: record them, and print the record and the notice to the authority that they fill."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext as _

from core import clock
from core.errors import Conflict, DomainError, by_field
from core.web import back
from incidents import panels
from incidents.attachments import services as attachments
from incidents.blueprint import bp
from incidents.catalogue import queries as catalogue
from incidents.catalogue.models import AUTHORITY_ROLES
from incidents.legal import forms as legal_forms, law, services as legal, steps as rules, words
from incidents.legal.models import LegalStep
from incidents.legal.steps import ClosingStep, Values
from incidents.merging import services as merging
from incidents.record import access, leadership
from incidents.record.models import Incident
from incidents.record.opening import readable
from people.access import guard
from people.models import Unit


@bp.get("/<code>/legal")
@guard.requires("incident.read")
def legal_page(code: str) -> ResponseReturnValue:
    """Every step with what is known, what is missing and where it comes from."""
    now = clock.now()
    return _page(readable(code, now), now)


@bp.post("/<code>/legal/<step>")
@guard.requires("incident.read")
def record_legal_step(code: str, step: str) -> ResponseReturnValue:
    """Keep the step; on a fault the page again, with what was typed."""
    now = clock.now()
    incident, wanted = readable(code, now), legal.step_of(step)
    try:
        values = legal_forms.typed(wanted, request.form)
        legal.record(incident.id, step, values, actor=guard.current_actor(), now=now)
    except DomainError as error:
        return _page(readable(code, now), now, wanted, error), error.http_status
    return back(url_for(".legal_page", code=code, _anchor=step), _("Đã ghi: %(step)s.", step=words.name(step)))


@bp.get("/<code>/legal/record")
@guard.requires("incident.read")
def print_record(code: str) -> ResponseReturnValue:
    """The record (biên bản) to be signed."""
    return _printed(code, "record")


@bp.get("/<code>/legal/notice")
@guard.requires("incident.read")
def print_notice(code: str) -> ResponseReturnValue:
    """The written notice to the competent authority; of an exercise nothing goes there."""
    if readable(code, clock.now()).rehearsal_id is not None:
        raise Conflict("papers.exercise", state={"code": code})
    return _printed(code, "notice")


def _printed(code: str, form: str) -> str:
    now = clock.now()
    incident = readable(code, now)
    known = legal.recorded(incident)
    unit = incident.unit
    with force_locale("vi"):  # an official form
        how = {key: str(said) for key, said in words.HOW.items()}
    return render_template(
        f"incidents/legal/print_{form}.html",
        incident=incident,
        steps={key: known.get(key, {}) for key in rules.BY_KEY},
        unit=unit,
        over=_parent(unit),
        today=clock.local_date(now),
        how=how,
        local=clock.local,
        law=law.POSTAL_LAW,
    )


def _parent(unit: Unit) -> Unit | None:
    return unit.parent if unit.parent_id else None


def _page(incident: Incident, now: datetime, step: ClosingStep | None = None, error: DomainError | None = None) -> str:
    known, rows = legal.recorded(incident), legal.rows(incident)
    now_due = rules.following(known)
    lines = [
        _line(
            each,
            known.get(each.key, {}),
            rows.get(each.key),
            incident,
            faulty=step if step is each else None,
            error=error,
        )
        for each in rules.STEPS
    ]
    actor = guard.current_actor()
    names = [row.name for row in catalogue.authorities_for(incident.unit_id, AUTHORITY_ROLES, clock.local_date(now))]
    return render_template(
        "incidents/legal/legal.html",
        incident=incident,
        lines=lines,
        applies=legal.applies(incident),
        due=now_due.key if now_due else "",
        faulty=step.key if step else "",
        problem=_problem(error),
        doubts=[words.DOUBTS[code] for code in rules.doubts(known, incident.detected_at)],
        may=access.may(actor, "incident.act", incident, now=now) and incident.status != "closed",
        how=[("", _("Chọn…")), *words.HOW.items()],
        authorities=names,
        leaders=_leaders(incident, now),
        latest=now,
        scans=[("", _("Chưa có")), *_scans(incident, now)],
        lacking=words.lacking(rules.to_close(known)),
        local=clock.local,
    )


def _line(
    step: ClosingStep,
    values: Values,
    row: LegalStep | None,
    incident: Incident,
    *,
    faulty: ClosingStep | None,
    error: DomainError | None,
) -> dict[str, Any]:
    """Return what the page shows of one step."""
    on = clock.local_date(incident.detected_at)
    faults = by_field(error if faulty else None)
    return {
        "step": step,
        "number": rules.NUMBER[step.key],
        "name": words.STEPS[step.key],
        "hint": words.HINTS[step.key],
        "state": rules.state(step, values),
        "row": row,
        "closing": step.closing,
        "faults": faults,
        "lacks": [words.label(step.key, key) for key in rules.missing(step, values)] if values else [],
        "inputs": _inputs(step, values, row, faulty),
        "is_fresh": row is None and faulty is None,
        "labels": words.FIELDS[step.key],
        "sources": law.sources(step.key, on),
        "warning": words.warning(step.key, on),
        "said": [
            (words.label(step.key, field.key), words.spoken(field, values.get(field.key)))
            for field in step.fields
            if values.get(field.key)
        ],
    }


def _inputs(step: ClosingStep, values: Values, row: LegalStep | None, faulty: ClosingStep | None) -> dict[str, Any]:
    if faulty:
        return legal_forms.kept(step, request.form)
    if row is not None:
        return legal_forms.shown(step, values)
    actor = guard.current_actor()
    return legal_forms.fresh(step, now=clock.now(), me=actor.name if actor.person_id is not None else "")


def _scans(incident: Incident, now: datetime) -> list[tuple[str, str]]:
    listed = attachments.listed(incident, actor=guard.current_actor(), now=now)
    return [(each.key, each.name) for each in listed if each.withdrawn_at is None]


def _problem(error: DomainError | None) -> str:
    return error.message() if error is not None else ""


def _leaders(incident: Incident, now: datetime) -> list[tuple[str, str]]:
    """Who serves as leadership now (name, until when absent): offered, never filled in."""
    if incident.rehearsal_id is not None:
        return []
    return leadership.offered(incident, now)


def _panel(incident: Incident, now: datetime) -> dict[str, Any] | None:
    """The steps on the page of the incident: which are done, which is next."""
    if not legal.applies(incident):
        return None
    if incident.joined_to_id is not None and legal.applies(merging.main_of(incident)):
        return None  # they are recorded once, there
    known = legal.recorded(incident)
    due = rules.following(known)
    states = {step.key: rules.state(step, known.get(step.key)) for step in rules.STEPS}
    return {
        "lines": [(step.key, rules.NUMBER[step.key], words.STEPS[step.key], states[step.key]) for step in rules.STEPS],
        "states": words.STATES,
        "due": due.key if due else "",
        "lacking": words.lacking(rules.to_close(known)) if incident.status != "closed" else "",
    }


PANELS = (panels.Panel("main", "incidents/legal/_panel_legal.html", _panel),)
