"""The page that makes a campaign: from nothing, from the demand as it is, or as an earlier Tết was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.calendar import dates, lunar
from core.errors import Conflict, DomainError, FieldError, Invalid, NotFound
from core.forms import choices
from core.web import back, is_htmx
from people.access import guard
from people.form_values import units_within
from people.forms import unit_choices
from people.models import DutyKind, Unit
from roster.blueprint import bp, kinds
from roster.campaigns import copy_words, queries
from roster.campaigns.models import Campaign
from roster.campaigns.services import CampaignWanted, Made
from roster.draft import page_head
from roster.draft.page_head import TetFacts
from roster.refit.deciding import BreakChoice as Rest
from roster.setting_up import lines, reading, services
from roster.setting_up.forms import CampaignForm
from roster.setting_up.lines import TEMPLATES
from roster.setting_up.reading import Read
from roster.setting_up.services import SetUp, SetUpLook, SetUpUnit

MOST_TOLD = 3
"""Names or dates of each thing that was not copied, once it is made."""
MOST_PLACES = 60
"""Units that are offered for the shifts of this page; beyond it a sheet is quicker than ticks."""
FIRST_YEAR, LAST_YEAR, BACK, AHEAD = 1969, 2099, 1, 4
WRONG = (Conflict, Invalid, NotFound)
"""What is said on the page, beside the field that it is about."""
Kinds = Mapping[str, DutyKind]
BUTTONS = {"look", "fill", "more", "preview"}
_OF_REST = {"starts_on": "break_from", "ends_on": "break_to"}


@dataclass
class SetUpPage:
    """What the page shows: as it was typed, and what is wrong with it (``faults``: id of the field → sentence)."""

    form: CampaignForm
    tet: TetFacts | None
    """Of its year as it is kept; of the coming one where none is chosen."""
    places: list[SetUpUnit]
    serves: tuple[str, ...]
    kinds: Kinds
    read: Read
    rest: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)
    said: str = ""
    elsewhere: bool = False
    """Other campaigns would change with the break."""
    look: SetUpLook | None = None

    @property
    def is_faulty(self) -> bool:
        return bool(self.faults or self.form.errors or self.form.form_errors)

    def forgive(self) -> None:
        self.faults = {}
        self.form.form_errors = []
        for each in self.form:
            each.errors = []


@bp.route("/campaigns/new", methods=["GET", "POST"])
@guard.requires("campaign.write")
def new_campaign() -> ResponseReturnValue:
    """``copy_from``: the campaign to do as, 0 for none. Buttons: ``look`` takes dates and units anew, ``fill`` writes a
    template of shifts, ``more`` adds lines, ``preview`` counts; without one it is made."""
    now = clock.now()
    page = _opened(now) if request.method == "GET" else _sent(now)
    asked = _asked(page)
    pressed = BUTTONS & request.form.keys()
    if request.method == "POST" and not pressed and not page.said and not page.is_faulty:
        try:
            made = services.set_up(asked, actor=guard.current_actor(), now=now)
            return back(url_for("roster.campaign", campaign_id=made.campaign.id), _done(made))
        except WRONG as error:
            _take(page, error)
    elif not page.is_faulty:
        try:
            page.look = services.look(asked, page.tet, actor=guard.current_actor(), now=now)
        except WRONG as error:
            _take(page, error)
    if request.method == "GET" or pressed - {"preview"}:
        page.forgive()  # nobody has asked yet whether it is right
    refused = (page.is_faulty or page.said) and not is_htmx()
    return _shown(page, now), 422 if refused else 200


def _take(page: SetUpPage, error: DomainError) -> None:
    """A refusal beside the field that it is about: a break's, a unit's, the form's."""
    if error.code.startswith("holiday."):
        page.faults[_OF_REST.get(error.field or "", "break_from")] = error.message()
    elif error.code == "set_up.break_elsewhere":
        page.faults["break_from"], page.elsewhere = error.message(), True
    elif error.code in ("set_up.has_demand", "unit.unknown") and error.field != "unit":
        page.faults["serves"] = error.message()
    else:
        page.form.take(error)


def _opened(now: datetime) -> SetUpPage:
    """As it is suggested: the coming Tết, the first unit of one's own, shifts for units that have none."""
    asked = request.args.get("tet_year", type=int)
    units = units_within(guard.current_actor(), "campaign.write", now)
    form = CampaignForm(formdata=None, data=_suggested(asked, units, now))
    _choices(form, units, now)
    tet, known = _tet_of(form, now), kinds()
    places = _places(units, form.unit.data)
    serves = _to_begin_with(places)
    rows = reading.as_typed(_offered(places, serves, known, None))
    return SetUpPage(form, tet, places, serves, known, reading.read_lines(rows, known), _kept_rest(tet))


def _sent(now: datetime) -> SetUpPage:
    units = units_within(guard.current_actor(), "campaign.write", now)
    form = CampaignForm(formdata=request.form)
    _choices(form, units, now)
    form.validate_on_submit()
    rest = {
        name: request.form.get(name, "").strip() for name in ("break_from", "break_to", "break_status", "break_source")
    }
    tet, known = _tet_of(form, now), kinds()
    said = _follow_tet(form, rest, tet) if form.tet_year.data else ""
    places, serves = _places(units, form.unit.data), tuple(request.form.getlist("serves"))
    if request.form.get("for_unit") not in (None, form.unit.data):
        serves = _to_begin_with(places)
    elif "serves" in request.form or "lines" in request.form:
        serves = tuple(each for each in serves if each in {place.unit.code for place in places})
    rows = reading.rows_of(request.form)
    if "fill" in request.form or (request.form.get("for_unit") not in (None, form.unit.data) and not rows):
        rows = reading.as_typed(_offered(places, serves, known, request.form.get("template")))
    if "more" in request.form:
        rows = (*rows, reading.blank(), reading.blank())[: reading.MOST_LINES]
    read = reading.read_lines(rows, known)
    page = SetUpPage(form, tet, places, serves, known, read, rest, said=said)
    if serves:
        page.faults |= read.faults
        if not read.lines and not read.faults:
            page.faults["lines"] = FieldError("lines", "set_up.no_lines", {}).message()
    return page


def _follow_tet(form: CampaignForm, rest: dict[str, str], tet: TetFacts | None) -> str:
    """Another Tết was chosen than the page was made for: name, dates and break that nobody has touched become its own.
    Says so where the campaign would have been made of what nobody has seen."""
    year, was = form.tet_year.data, request.form.get("for_year", "")
    if not was.isdecimal() or int(was) == year or not FIRST_YEAR <= year <= LAST_YEAR:
        return ""
    before, after = _defaults_for_year(int(was)), _defaults_for_year(year)
    for name in ("name", "starts_on", "ends_on"):
        if form[name].data in (before[name], None, ""):
            form[name].process_data(after[name])
            form[name].raw_data = None
            form[name].errors = []
    if any(rest.values()):
        rest.update(_kept_rest(tet))
    return "" if "look" in request.form else str(FieldError("", "set_up.other_tet", {}).message())


def _choices(form: CampaignForm, units: list[tuple[int, Unit]], now: datetime) -> None:
    form.unit.choices = unit_choices(units)
    models = [each for each in queries.latest_first() if guard.can("campaign.read", each.unit_id)]
    form.copy_from.choices = choices([(0, _("Theo nhu cầu trực")), *((each.id, _name(each)) for each in models)])
    coming = page_head.coming_tet(now)
    years = {*range(coming - BACK, coming + AHEAD + 1), *(each.tet_year for each in models[:5])}
    if form.tet_year.data:
        years.add(form.tet_year.data)
    known = sorted(year for year in years if FIRST_YEAR <= year <= LAST_YEAR)
    form.tet_year.choices = choices((year, _tet(year)) for year in known)


def _tet(year: int) -> str:
    return _("Tết %(name)s %(year)s", name=lunar.can_chi(year), year=year)


def _name(model: Campaign) -> str:
    return _("Chép từ %(name)s · %(unit)s", name=model.name, unit=model.unit.name)


def _places(units: Sequence[tuple[int, Unit]], code: str | None) -> list[SetUpUnit]:
    top = next((unit for _depth, unit in units if unit.code == code), None)
    return services.places(top, units) if top is not None else []


def _to_begin_with(places: Sequence[SetUpUnit]) -> tuple[str, ...]:
    """Where no unit has demand: those with people who may serve, as far as they can be looked over."""
    if any(place.rows for place in places):
        return ()
    able = [place.unit.code for place in places if place.people]
    return tuple(able[:MOST_PLACES] or [place.unit.code for place in places[:1]])


def _offered(
    places: Sequence[SetUpUnit], serves: Sequence[str], known: Kinds, asked: str | None
) -> Sequence[lines.SetUpLine]:
    """Return the lines offered: of the kinds that their people may serve, else of those that there must be."""
    mine = [place for place in places if place.unit.code in serves] or list(places[:1])
    there = services.kinds_of([place.unit.id for place in mine])
    there = there or {kind.code for kind in known.values() if kind.obligatory}
    people = sorted(place.people for place in mine)
    fits = lines.fitting(people[len(people) // 2]) if people else "two"
    chosen = next((each for each in TEMPLATES if each == asked), fits)
    return lines.offered(chosen, there)


def _tet_of(form: CampaignForm, now: datetime) -> TetFacts | None:
    return page_head.tet_facts(form.tet_year.data or page_head.coming_tet(now))


def _kept_rest(known: TetFacts | None) -> dict[str, str]:
    if known is None:
        return dict.fromkeys(("break_from", "break_to", "break_status", "break_source"), "")
    facts = (known.starts_on.isoformat(), known.ends_on.isoformat(), known.status, known.source)
    return dict(zip(("break_from", "break_to", "break_status", "break_source"), facts, strict=True))


def _asked(page: SetUpPage) -> SetUp:
    form = page.form
    wanted = CampaignWanted(
        name=form.name.data or "",
        tet_year=form.tet_year.data or 0,
        unit=form.unit.data or "",
        starts_on=form.starts_on.data or date.min,
        ends_on=form.ends_on.data or date.min,
        copy_from=form.copy_from.data or None,
    )
    return SetUp(wanted, page.serves, page.read.lines if page.serves else (), _rest(page, wanted.tet_year))


def _rest(page: SetUpPage, year: int) -> Rest | None:
    """The break as it was typed, where that is another than it is kept; whoever may not decide it is not asked."""
    if not any(page.rest.values()):
        return None
    first, last = (dates.day(page.rest[name]) for name in ("break_from", "break_to"))
    for name, on in (("break_from", first), ("break_to", last)):
        if on is None:
            page.faults[name] = str(FieldError(name, "solve.day", {}).message())
    if first is None or last is None:
        return None
    status = page.rest["break_status"]
    found = Rest(
        year,
        first,
        last,
        status if status in ("official", "unverified", "projected") else "unverified",
        page.rest["break_source"],
    )
    return found if services.is_decided_anew(found, page.tet) else None


def _shown(page: SetUpPage, now: datetime) -> str:
    year = page.form.tet_year.data or page_head.coming_tet(now)
    return render_template(
        "roster/setting_up/new.html",
        page=page,
        form=page.form,
        tet=page.tet,
        year=year,
        kinds=page.kinds,
        rows=page.read.rows,
        open_places=[place for place in page.places if not place.rows][:MOST_PLACES],
        more_places=max(0, sum(not place.rows for place in page.places) - MOST_PLACES),
        asking=[place for place in page.places if place.rows],
        may_decide=bool(guard.allowed(guard.current_actor(), "holiday.write", None, now=now)),
        said=[copy_words.said(each) for each in page.look.left_out] if page.look else [],
    )


def _done(made: Made) -> str:
    """It goes into a cookie, which holds no province's names: all of them stand in the preview."""
    words = _("Đã tạo đợt trực. Bước tiếp theo: xếp lịch.")
    return " ".join([words, *(copy_words.said(each, most=MOST_TOLD) for each in made.left_out)])


def _suggested(year: int | None, units: Sequence[tuple[int, Unit]], now: datetime) -> dict[str, Any]:
    year = year if year and FIRST_YEAR <= year <= LAST_YEAR else page_head.coming_tet(now)
    return {**_defaults_for_year(year), "tet_year": year, "unit": units[0][1].code if units else "", "copy_from": 0}


def _defaults_for_year(year: int) -> Mapping[str, Any]:
    """From eight days before Mùng 1 to fourteen after."""
    first = lunar.tet(year)
    return {"name": _tet(year), "starts_on": first - timedelta(days=8), "ends_on": first + timedelta(days=14)}
