"""The escalation policy of a unit: who is called, after how long, until somebody takes it."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import DomainError, Forbidden
from core.web import back
from incidents import policies, services
from incidents.forms_policy import PolicyForm
from incidents.models_policy import PolicyVersion
from incidents.views import bp, home_unit
from people import guard, queries as people
from people.models import Person, Unit

SPARE_ROWS = 2


@bp.get("/policy/")
@guard.requires("policy.read")
def own_policy() -> ResponseReturnValue:
    """The policy of the unit one belongs to."""
    code = home_unit(guard.current_actor())
    return back(url_for(".policy", unit_code=code) if code else url_for(".board"))


@bp.route("/policy/<unit_code>", methods=["GET", "POST"])
@guard.requires("policy.read")
def policy(unit_code: str) -> ResponseReturnValue:
    """Read it, or write a new version; incidents that run keep the one they started with."""
    now, actor = clock.now(), guard.current_actor()
    unit = people.unit_by_code(unit_code)
    guard.ensure(actor, "policy.read", unit.id, now=now)
    if request.method == "GET":
        return _page(unit, _filled(policies.policy_for(unit.id, 3)))
    form = PolicyForm.read(request.form, request.form.getlist("target"), request.form.getlist("after"))
    try:
        _save(unit, form)
    except Forbidden:
        raise
    except DomainError as error:
        form.errors += [fault.message() for fault in error.errors] or [error.message()]
    if form.errors:
        return _page(unit, form), 422
    return back(url_for(".policy", unit_code=unit_code), _("Đã lưu quy trình gọi mới của %(unit)s.", unit=unit.name))


def _save(unit: Unit, form: PolicyForm) -> None:
    steps = form.steps()
    repeat_after, ack_timeout = form.number(form.repeat_after), form.number(form.ack_timeout)
    if form.errors:
        return
    services.set_policy(
        unit.id, steps, repeat_after_seconds=repeat_after, ack_timeout_seconds=ack_timeout,
        catch_all=form.last_resort(), actor=guard.current_actor(), now=clock.now(),
    )  # fmt: skip


def _filled(version: PolicyVersion) -> PolicyForm:
    wanted = [step.person_id for step in version.steps if step.person_id is not None] + list(version.catch_all)
    codes = {person.id: person.code for person in people.people_by_ids(wanted).values()}
    rows = [
        (f"duty:{step.duty}" if step.duty else f"person:{codes.get(step.person_id or 0, '')}", str(step.after_seconds))
        for step in version.steps
    ]
    return PolicyForm(
        rows + [("", "")] * SPARE_ROWS, str(version.repeat_after_seconds), str(version.ack_timeout_seconds),
        " ".join(codes[each] for each in version.catch_all if each in codes),
    )  # fmt: skip


def _choice(form: PolicyForm) -> list[Person]:
    """Whom a step may name; always also whom one names already, or saving would drop that step."""
    offered = list(people.find_people(unit_id=None, limit=500))
    named = dict.fromkeys(
        target.removeprefix("person:") for target, _after in form.rows if target.startswith("person:")
    )
    missing = [people.find_person(code) for code in named if code not in {person.code for person in offered}]
    return offered + [person for person in missing if person is not None]


def _page(unit: Unit, form: PolicyForm) -> str:
    own = policies.own_policy(unit.id)
    holding = own or policies.policy_for(unit.id, 3)
    owner = people.unit_by_id(holding.unit_id) if holding.unit_id is not None else None
    facts: dict[str, Any] = {
        "unit": unit, "form": form, "own": own, "holding": holding, "owner": owner, "units": people.unit_tree(),
        "kinds": people.duty_kinds(), "people": _choice(form),
        "urgent": policies.policy_for(unit.id, 1) if owner is None else None,
    }  # fmt: skip
    return render_template("incidents/policy.html", **facts)
