"""The escalation policies of a unit: which hold when, whom they would call, what runs by an older one, their past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.calendar import dates
from core.form_values import whole_number
from core.web import back
from incidents.blueprint import bp
from incidents.catalogue import queries as catalogue
from incidents.default_unit import default_unit_code
from incidents.escalation import preview, words as wording
from incidents.escalation.preview import Preview, Scenario
from incidents.policies import history, selection, versions as policy_versions
from incidents.policies.models import PolicyVersion
from incidents.policies.words import PolicyWords, waits
from incidents.response import lifecycle
from incidents.words import severity_word
from people import queries as people
from people.access import guard
from people.models import Unit

SHOWN = 30


@bp.get("/policy/")
@guard.requires("policy.read")
def own_policy() -> ResponseReturnValue:
    """The policies of the unit one belongs to."""
    code = default_unit_code(guard.current_actor())
    return back(url_for(".policy", unit_code=code) if code else url_for(".board"))


@bp.get("/policy/<unit_code>")
@guard.requires("policy.read")
def policy(unit_code: str) -> str:
    """Every policy of the unit in the order of their trial; ``?severity= category= at=``: what would happen then."""
    unit, now = _unit(unit_code, "policy.read"), clock.now()
    own = selection.as_tried(selection.own_policies(unit.id))
    inherited = [] if any(each.slot == 0 for each in own) else _inherited(unit)
    case = case_of(unit, request.args, now)
    shown = preview.preview(case)
    facts: dict[str, Any] = {
        "own": own,
        "main": next((each for each in own if each.slot == 0), None),
        "inherited": inherited,
        "running": history.running(unit.id, actor=guard.current_actor(), now=now),
        "may_move": _may_move(own),
        "units": people.unit_tree(),
    }
    versions = [*own, *(version for _title, version in inherited), shown.policy]
    return render_template(
        "incidents/policies/policy.html",
        unit=unit,
        words=PolicyWords.about(versions, people.ancestor_ids(unit.id)),
        waits=waits,
        **preview_facts(case, shown, request.args),
        **facts,
    )


@bp.get("/policy/<unit_code>/history")
@guard.requires("policy.read")
def policy_history(unit_code: str) -> str:
    """Who wrote what when; ``?before=`` a number pages on."""
    unit = _unit(unit_code, "policy.read")
    before = whole_number(request.args.get("before"))
    versions = history.history(unit.id, before=before, limit=SHOWN)
    holding = {each.id for each in selection.own_policies(unit.id)}
    older = versions[-1].number if len(versions) == SHOWN else None
    return render_template(
        "incidents/policies/policy_history.html",
        unit=unit,
        versions=versions,
        holding=holding,
        older=older,
        waits=waits,
        words=PolicyWords.about(versions, people.ancestor_ids(unit.id)),
        before=before,
    )


@bp.post("/policy/<unit_code>/apply")
@guard.requires("policy.apply")
def apply_policies(unit_code: str) -> ResponseReturnValue:
    """Let everything that runs follow the policies that hold now."""
    unit = _unit(unit_code, "policy.apply")
    changed = lifecycle.apply_to_running(unit.id, actor=guard.current_actor(), now=clock.now())
    return _return(unit, _("%(n)s sự cố đang chạy đã chuyển sang quy trình hiện hành.", n=changed))


@bp.post("/policy/<unit_code>/<int:slot>/move/<way>")
@guard.requires("policy.write")
def move_policy(unit_code: str, slot: int, way: str) -> ResponseReturnValue:
    """``way``: up or down among those with as many kinds of condition."""
    if way not in ("up", "down"):
        abort(404)
    unit = _unit(unit_code, "policy.write")
    actor, now = guard.current_actor(), clock.now()
    moved = policy_versions.move(unit.id, slot, earlier=way == "up", actor=actor, now=now)
    return _return(unit, _("Đã đổi thứ tự xét.") if moved else "")


@bp.post("/policy/<unit_code>/<int:slot>/withdraw")
@guard.requires("policy.write")
def withdraw_policy(unit_code: str, slot: int) -> ResponseReturnValue:
    """It holds no more; what runs by it goes on."""
    unit = _unit(unit_code, "policy.write")
    policy_versions.withdraw(unit.id, slot, actor=guard.current_actor(), now=clock.now())
    return _return(unit, _("Đã bỏ quy trình. Sự cố đang chạy theo quy trình đó vẫn giữ nguyên."))


def _return(unit: Unit, said: str) -> ResponseReturnValue:
    return back(url_for(".policy", unit_code=unit.code), said)


def _unit(code: str, action: str) -> Unit:
    unit = people.unit_by_code(code)
    guard.ensure(guard.current_actor(), action, unit.id, now=clock.now())
    return unit


def _inherited(unit: Unit) -> list[tuple[Unit | None, PolicyVersion]]:
    """Return what is tried after the unit's own policies, and whose it is; ``None``: the enterprise's defaults."""
    found: list[tuple[Unit | None, PolicyVersion]] = []
    for above in people.ancestor_ids(unit.id)[1:]:
        owner = people.unit_by_id(above)
        theirs = selection.as_tried(selection.own_policies(above))
        found += [(owner, version) for version in theirs]
        if any(version.slot == 0 for version in theirs):
            return found
    return found + [(None, selection.default_for(severity)) for severity in (1, 3)]


def _may_move(own: list[PolicyVersion]) -> dict[int, set[str]]:
    """Slot → the ways in which it can be moved: only past a neighbour with as many kinds of condition."""
    ways: dict[int, set[str]] = {each.slot: set() for each in own}
    for upper, lower in zip(own, own[1:], strict=False):
        if lower.slot != 0 and selection.weight(upper) == selection.weight(lower):
            ways[upper.slot].add("down")
            ways[lower.slot].add("up")
    return ways


def case_of(unit: Unit, sent: Mapping[str, str], now: datetime, prefix: str = "") -> Scenario:
    """Return what is supposed to happen; what is missing or makes no sense is a power cut of level 2, now."""
    severity, category = sent.get(f"{prefix}severity", ""), sent.get(f"{prefix}category", "")
    known = {each.code for each in catalogue.all_categories()}
    at = dates.moment(sent.get(f"{prefix}at", "")) or now
    level = int(severity) if severity in ("1", "2", "3", "4") else 2
    return Scenario(unit.id, level, category if category in known else "power", at)


def preview_facts(case: Scenario, shown: Preview | None, sent: Mapping[str, str], prefix: str = "") -> dict[str, Any]:
    """Return what ``_policy_preview.html`` shows; a time that cannot be read stays as it was typed."""
    typed = sent.get(f"{prefix}at", "").strip()
    is_wrong = bool(typed) and dates.moment(typed) is None
    return {
        "case": case,
        "preview": shown,
        "levels": [(n, f"{n} · {severity_word(n)}") for n in (1, 2, 3, 4)],
        "categories": catalogue.all_categories(),
        "wording": wording,
        "at": typed if is_wrong else case.at,
        "at_is_wrong": is_wrong,
    }
