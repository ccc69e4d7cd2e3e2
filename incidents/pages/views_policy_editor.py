"""The editor of one escalation policy: works without scripts, keeps what was typed, tries before it saves."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import Conflict, NotFound
from core.form_values import whole_number
from core.web import back
from incidents.blueprint import bp
from incidents.catalogue import queries as catalogue
from incidents.catalogue.words import FAMILIES
from incidents.escalation import preview
from incidents.escalation.preview import Preview, Scenario
from incidents.pages.views_policies import case_of, preview_facts
from incidents.policies import drafts, form_steps as steps, history, selection, versions
from incidents.policies.form_waits import UNITS, Wait
from incidents.policies.forms import SNOOZES, WAITS, PolicyForm
from incidents.policies.models import PolicyVersion
from incidents.policies.words import HEADS, PolicyWords
from people import queries as people
from people.access import guard
from people.models import Person, Unit
from roster.words.labels import PHASES

MOST_OFFERED = 400


@bp.route("/policy/<unit_code>/new", methods=["GET", "POST"], defaults={"slot": None})
@bp.route("/policy/<unit_code>/edit/<int:slot>", methods=["GET", "POST"])
@guard.requires("policy.write")
def edit_policy(unit_code: str, slot: int | None) -> ResponseReturnValue:
    """``slot`` 0: the unit's main policy. ``?version=``: begin with that one. ``do`` says which button was pressed."""
    unit, now = people.unit_by_code(unit_code), clock.now()
    guard.ensure(guard.current_actor(), "policy.write", unit.id, now=now)
    if slot and versions.newest(unit.id, slot) is None:
        raise NotFound("policy.unknown")
    if request.method == "GET":
        form = PolicyForm.from_version(_begin_with(unit, slot), conditional=slot != 0, base=_base(unit, slot))
        if slot is None:
            form.name, form.position = "", 0
        return _page(unit, slot, form, case_of(unit, {}, now))
    form = PolicyForm.from_sent(request.form, conditional=slot != 0)
    case, do = case_of(unit, request.form, now, "try-"), request.form.get("do", "save")
    if do == "save":
        return _save(unit, slot, form, case)
    if do != "preview":
        steps.press(form.rows, do)
        return _page(unit, slot, form, case)
    version = form.attempt(partial(drafts.draft, slot=slot))
    shown = preview.preview(case, version) if version else None
    return _page(unit, slot, form, case, shown=shown), 422 if form.faults else 200


def _save(unit: Unit, slot: int | None, form: PolicyForm, case: Scenario) -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    try:
        saved = form.attempt(
            lambda spec: versions.write(unit.id, spec, slot=slot, seen=form.base, actor=actor, now=now)
        )
    except Conflict:
        form.base = _base(unit, slot)
        form.faults["policy"] = _written_meanwhile(unit, form.base)
        return _page(unit, slot, form, case), 409
    if saved is None:
        return _page(unit, slot, form, case), 422
    said = _("Đã lưu quy trình gọi mới của %(unit)s.", unit=unit.name)
    return back(url_for(".policy", unit_code=unit.code), said)


def _written_meanwhile(unit: Unit, base: int) -> str:
    other = history.version(unit.id, base)
    return _(
        "Trong lúc đồng chí sửa, %(who)s đã lưu bản %(n)s. Xem lịch sử để so; bấm lưu lần nữa nếu muốn dùng bản này.",
        who=other.created_by,
        n=base,
    )


def _base(unit: Unit, slot: int | None) -> int:
    return versions.newest_number(unit.id, slot)


def _begin_with(unit: Unit, slot: int | None) -> PolicyVersion:
    """The version asked for, the newest one of the slot, or what holds for the unit until it has its own."""
    asked = whole_number(request.args.get("version"))
    if asked is not None:
        return history.version(unit.id, asked)
    own = versions.newest(unit.id, slot) if slot is not None else None
    return own if own is not None and not own.withdrawn else selection.main_for(unit.id, 3)


def _page(unit: Unit, slot: int | None, form: PolicyForm, case: Scenario, *, shown: Preview | None = None) -> str:
    form.rows = form.rows or [steps.StepRow(Wait.from_seconds(0))]
    groups = [
        (name, [each for each in catalogue.all_categories() if each.family == code and _offers(form, each)])
        for code, name in FAMILIES.items()
    ]
    facts: dict[str, Any] = {
        "kinds": people.duty_kinds(),
        "heads": HEADS,
        "groups": [(name, rows) for name, rows in groups if rows],
        "phases": PHASES,
        "wait_names": WAITS,
        "wait_units": UNITS,
        "snoozes": SNOOZES,
        "offered": _offered(unit),
        "most_steps": drafts.MOST_STEPS,
    }
    words = PolicyWords.about([shown.policy] if shown else [], people.ancestor_ids(unit.id))
    return render_template(
        "incidents/policies/policy_edit.html",
        unit=unit,
        slot=slot,
        form=form,
        words=words,
        **preview_facts(case, shown, request.form, "try-"),
        **facts,
    )


def _offers(form: PolicyForm, category: Any) -> bool:
    return category.active or category.code in form.categories


def _offered(unit: Unit) -> list[Person]:
    """Suggestions while typing: people of the unit first, then as many others as fit."""
    near = people.find_people(unit_id=unit.id, limit=MOST_OFFERED)
    ids = {person.id for person in near}
    others = [] if len(near) == MOST_OFFERED else people.find_people(limit=MOST_OFFERED)
    return [*near, *(person for person in others if person.id not in ids)][:MOST_OFFERED]
