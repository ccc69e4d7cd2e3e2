"""The page on which a small unit's roster starts from a pattern: chosen, looked at, then done as one edit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import DomainError, FieldError, NotFound, ensure_none
from core.web import back
from people import queries as people
from people.access import guard
from people.models import DutyKind, Unit
from planning.problem import Staff
from roster.blueprint import bp, kinds
from roster.campaigns import queries as campaigns, rights
from roster.campaigns.models import Campaign
from roster.campaigns.queries import require
from roster.draft.edits import fitting_reason
from roster.patterns import dealing, proposing, services, words
from roster.patterns.dealing import TURNS
from roster.patterns.proposing import LEADERSHIP, Pattern, PatternProposal, PatternWanted
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot

_PLACES = {"people": "order", "first": "first", "duties": "duties"}
"""Field of a refusal → where it stands on the page."""
DIGITS = 3
"""Of a number beside a name."""
ORDER = "order."
"""Before the code of somebody, in names of fields."""


@bp.get("/campaigns/<int:campaign_id>/patterns")
@guard.requires("campaign.write")
def patterns(campaign_id: int) -> ResponseReturnValue:
    """``unit``: whose shifts; without one the campaign's own."""
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    unit = _unit(campaign, request.args.get("unit", ""), now)
    return _page(campaign, unit, now)


@bp.post("/campaigns/<int:campaign_id>/patterns")
@guard.requires("campaign.write")
def use_pattern(campaign_id: int) -> ResponseReturnValue:
    """``preview``: what it would do; ``apply``: do it, if it is still what was shown (``stamp``)."""
    campaign, now, actor = campaigns.get_campaign(campaign_id), clock.now(), guard.current_actor()
    unit = _unit(campaign, request.form.get("unit", ""), now)
    wanted = _wanted(unit)
    try:
        fitting_reason(wanted.reason)
        if wanted.pattern == "rotate":
            _refuse_no_numbers()
        if "apply" in request.form:
            found, done = services.apply(campaign_id, wanted, stamp=request.form.get("stamp", ""), actor=actor, now=now)
            to = url_for("roster.campaign", campaign_id=campaign_id, view="people", unit=unit.code, source="draft")
            return back(to, _done(found) if done.edit else _("Không có chỗ nào phải đổi."))
        return _page(
            campaign, unit, now, wanted=wanted, found=proposing.propose(campaign, wanted, actor=actor, now=now)
        )
    except DomainError as error:
        found = None
        if error.code in ("pattern_of.moved", "seats.break_rules", "seats.changed"):
            found = proposing.propose(campaign, wanted, actor=actor, now=now)
        return _page(campaign, unit, now, wanted=wanted, found=found, error=error), error.http_status


def _unit(campaign: Campaign, code: str, now: datetime) -> Unit:
    """The unit asked for, within the campaign; else its own. Raises Forbidden, NotFound, Conflict (closed)."""
    unit = people.unit_by_code(code) if code else campaign.unit
    if unit.id not in people.subtree_ids(campaign.unit_id):
        raise NotFound("unit.unknown", unit=code)
    rights.ensure(guard.current_actor(), "campaign.write", campaign, {unit.id}, now=now)
    require(campaign, "edit")
    return unit


def _wanted(unit: Unit) -> PatternWanted:
    """As the form says it; people by the number beside their names, whoever has none takes no part."""
    form = request.form
    pattern: Pattern = "leader" if form.get("pattern") == "leader" else "rotate"
    turn = form.get("turn", "shift")
    chosen = [form["leader"]] if form.get("leader") else []
    return PatternWanted(
        pattern=pattern,
        unit=unit.code,
        people=tuple(chosen if pattern == "leader" else _numbered()),
        first=form.get("first", "") if pattern == "rotate" else "",
        turn=next((each for each in TURNS if each == turn and pattern == "rotate"), "shift"),
        duties=tuple(form.getlist("duty")) if pattern == "rotate" else (),
        replaces="replaces" in form,
        pin="pin" in form,
        reason=form.get("reason", ""),
    )


def _numbered() -> list[str]:
    found = [(int(value), at, code) for at, (code, value) in enumerate(_beside_names().items()) if _is_number(value)]
    return [code for _number, _at, code in sorted(found)]


def _refuse_no_numbers() -> None:
    """Raises Invalid at each cell that says something else than a number: nobody is left out by a slip of the hand."""
    wrong = {code: value for code, value in _beside_names().items() if value and not _is_number(value)}
    found = {code: people.find_person(code) for code in wrong}
    names = {code: each.full_name if each else code for code, each in found.items()}
    ensure_none(
        [
            FieldError(f"{ORDER}{code}", "pattern_of.number", {"person": names[code], "value": value[:20]})
            for code, value in wrong.items()
        ]
    )


def _beside_names() -> dict[str, str]:
    """Code → what stands in the cell beside the name, in the order of the page."""
    return {name.removeprefix(ORDER): value.strip() for name, value in request.form.items() if name.startswith(ORDER)}


def _is_number(value: str) -> bool:
    return value.isdecimal() and len(value) <= DIGITS and int(value) > 0


def _wrong_numbers(error: DomainError) -> dict[str, str]:
    """Return by code what is wrong beside that name; what was typed there is kept."""
    return {each.field.removeprefix(ORDER): each.message() for each in error.errors if each.field.startswith(ORDER)}


def _place(error: DomainError, pattern: str) -> str:
    """Return beside which field the error stands."""
    if error.field == "people" and pattern != "rotate":
        return "leader"
    return _PLACES.get(error.field or "", "")


def _page(
    campaign: Campaign,
    unit: Unit,
    now: datetime,
    *,
    wanted: PatternWanted | None = None,
    found: PatternProposal | None = None,
    error: DomainError | None = None,
) -> str:
    taken = snapshot.take(campaign.id, now=now)
    used = [kind for code, kind in kinds().items() if code in _duties_of(taken, unit)]
    able = _able(taken, unit, used)
    offered = able[: proposing.MOST]
    wanted, wrong = wanted or _usual(unit, offered, used), _wrong_numbers(error) if error else {}
    return render_template(
        "roster/patterns/patterns.html",
        campaign=campaign,
        unit=unit,
        used=used,
        offered=offered,
        choices=[(each.code, each.name) for each in offered],
        left_out=len(able) - len(offered),
        leaders=_leaders(able, used),
        wanted=wanted,
        numbers=_beside_names() if wrong else {code: n for n, code in enumerate(wanted.people, start=1)},
        wrong=wrong,
        first=wanted.first,
        found=found,
        sums=_sums(found) if found else [],
        error=error.message() if error else "",
        at=_place(error, wanted.pattern) if error else "",
        words=words,
        kinds=kinds(),
    )


def _usual(unit: Unit, offered: Sequence[Staff], used: Sequence[DutyKind]) -> PatternWanted:
    """How the form stands at first: everybody who may serve in turn, leadership apart."""
    codes = [kind.code for kind in used if kind.code != LEADERSHIP] or [kind.code for kind in used]
    able = tuple(each.code for each in offered if not each.duties.isdisjoint(codes))
    return PatternWanted("rotate", unit.code, able, duties=tuple(codes))


def _duties_of(taken: Snapshot, unit: Unit) -> Collection[str]:
    return {shift.duty for shift in taken.problem.shifts if shift.unit == unit.code}


def _able(taken: Snapshot, unit: Unit, used: Sequence[DutyKind]) -> list[Staff]:
    """People of the unit, and others who are listed for its shifts, those of the unit first."""
    codes = {kind.code for kind in used}
    able = [
        each
        for each in taken.problem.staff
        if each.unit == unit.code or (unit.code in each.eligible_units and not codes.isdisjoint(each.duties))
    ]
    return sorted(able, key=lambda each: (each.unit != unit.code, each.code))


def _leaders(able: Sequence[Staff], used: Sequence[DutyKind]) -> list[tuple[str, str]]:
    """Who may hold the leadership throughout; nobody where the unit has no such shifts."""
    if LEADERSHIP not in {kind.code for kind in used}:
        return []
    return [(each.code, each.name) for each in able if LEADERSHIP in each.duties]


def _sums(found: PatternProposal) -> list[tuple[str, int, int]]:
    """(name, shifts, nights) of everybody who takes part, those with nothing too."""
    counted = dealing.sums(each.dealt for each in found.lines)
    ids: dict[str, int] = {code: person_id for person_id, (code, _name) in found.names.people.items()}
    return [
        (found.names.person(ids[code]), *counted.get(ids[code], (0, 0))) for code in found.wanted.people if code in ids
    ]


def _done(found: PatternProposal) -> str:
    said: list[Any] = [_("Đã xếp: %(what)s.", what=words.name(found))]
    if found.left_empty:
        said.append(_("Còn %(n)s chỗ chưa ai trực được.", n=found.left_empty))
    return " ".join([*said, _("Hoàn tác được bằng một lần bấm.")])
