"""Sổ công bằng: what everybody carried Tết by Tết, whose turn Giao thừa is, and what was corrected and why."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import arguments, clock, pages
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.web import back
from people import queries as people
from people.access import guard
from people.models import Unit
from roster.blueprint import bp, kinds
from roster.fairness import correcting, ledgers, plot, years
from roster.fairness.years import Year

NEXT = 10
"""Whose turn it is: so many are shown at once."""
MOST = 100
"""And so many at all: of a whole province nobody reads further."""
FORMATS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@bp.get("/ledger")
@guard.requires("roster.read")
def ledger() -> ResponseReturnValue:
    """``unit``: with those below it; ``duty``: who may take one kind."""
    return _page()


@bp.get("/ledger.<form>")
@guard.requires("roster.read")
def ledger_file(form: str) -> ResponseReturnValue:
    """All of it for who plans the unit, their own lines for everybody else; who took it is written down."""
    if form not in FORMATS:
        raise NotFound("not_found", what=_("dạng tệp này"))
    unit, actor, now = _unit(), guard.current_actor(), clock.now()
    whole = guard.allowed(actor, "campaign.write", unit.id if unit else None, now=now)
    if not whole and actor.person_id is None:
        raise Forbidden("forbidden", state={"action": "campaign.write"})
    found = ledgers.rows(years.sheet(ledgers.group(unit, _duty())), only=None if whole else actor.person_id)
    body = ledgers.as_csv(found) if form == "csv" else ledgers.as_xlsx(found)
    ledgers.note_download(unit, form, actor=actor, now=now)
    headers = {"Content-Disposition": f"attachment; filename=so-cong-bang.{form}"}
    return Response(body, mimetype=FORMATS[form], headers=headers)


@bp.post("/ledger/corrections")
@guard.requires("campaign.publish")
def correct_ledger() -> ResponseReturnValue:
    """``person`` (code), ``tet_year``, what is added: ``points``, ``giao_thua``, ``mung_1``, ``nights``; ``reason``."""
    form, actor, now = request.form, guard.current_actor(), clock.now()
    try:
        change = Year(
            _hundredths(form.get("points", "")), *(_whole(name) for name in ("giao_thua", "mung_1", "nights"))
        )
        row = correcting.correct(
            form.get("person", "").strip(),
            _whole("tet_year"),
            change,
            form.get("reason", ""),
            once=form.get("once", ""),
            actor=actor,
            now=now,
        )
    except (Conflict, Invalid, NotFound) as fault:
        return _page(fault)
    here = url_for(".ledger", unit=request.args.get("unit"), duty=_duty())
    said = _("Đã ghi điều chỉnh Tết %(year)s của %(name)s.", year=row.tet_year, name=row.person.full_name)
    return back(f"{here}#corrections", said)


def _page(fault: DomainError | None = None) -> ResponseReturnValue:
    unit, duty, actor, now = _unit(), _duty(), guard.current_actor(), clock.now()
    found = years.sheet(ledgers.group(unit, duty))
    shown = pages.part(found.people, arguments.number("page", 1))
    page = render_template(
        "roster/fairness/ledger.html",
        unit=unit,
        units=people.unit_tree(),
        duty=duty,
        kinds=kinds(),
        sheet=found,
        shown=shown,
        mine=actor.person_id,
        picture=plot.picture(found.points(), found.years, actor.person_id),
        size=plot,
        next_people={each.id: each for each in found.people},
        first_turns=NEXT,
        most_turns=MOST,
        corrections=years.corrections([each.id for each in found.people]),
        may_correct=guard.allowed(actor, "campaign.publish", unit.id if unit else None, now=now),
        fault=fault,
        once=request.form.get("once") or correcting.new_once(),
        typed=request.form,
        this_year=clock.local_date(now).year,
    )
    return page, fault.http_status if fault else 200


def _unit() -> Unit | None:
    return ledgers.unit_of(request.args.get("unit"), guard.current_actor())


def _duty() -> str | None:
    asked = request.args.get("duty")
    return asked if asked in kinds() else None


def _hundredths(typed: str) -> int:
    """Points as people write them: "12,5", "−3", nothing. Raises Invalid ``ledger.number``."""
    tidy = typed.strip().replace("−", "-").replace(",", ".")
    try:
        value = Decimal(tidy or "0")
        if not value.is_finite() or abs(value) > 10**9:
            raise Invalid("ledger.number", field="points")
        return round(value * 100)
    except InvalidOperation:
        raise Invalid("ledger.number", field="points") from None


def _whole(name: str) -> int:
    """A whole number of the form, below zero too. Raises Invalid ``ledger.number``."""
    typed: Any = request.form.get(name, "").strip().replace("−", "-") or "0"
    digits = typed.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 9):
        raise Invalid("ledger.number", field=name)
    return int(typed)
