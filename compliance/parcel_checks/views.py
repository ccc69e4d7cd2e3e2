"""/letter/findings/…: what the enterprise wants done with a refused parcel, by khoản of Điều 12."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compliance.blueprint import bp
from compliance.parcel_checks import queries, services
from compliance.posting import law
from core import clock
from core.db import transaction
from core.errors import DomainError, Invalid, by_field
from core.web import back
from people import queries as people
from people.access import guard
from people.models import Unit


@bp.get("/findings/<unit_code>")
@guard.requires("point.read")
def finding_rules(unit_code: str) -> ResponseReturnValue:
    unit = people.unit_by_code(unit_code)
    guard.ensure(guard.current_actor(), "point.read", unit.id, now=clock.now())
    return _page(unit)


@bp.post("/findings/<unit_code>")
@guard.requires("point.settle")
def save_finding_rules(unit_code: str) -> ResponseReturnValue:
    """All four at once; an empty text: as the unit above says."""
    unit, now, actor = people.unit_by_code(unit_code), clock.now(), guard.current_actor()
    guard.ensure(actor, "point.settle", unit.id, now=now)
    held = queries.rules_for(unit.id)
    try:
        with transaction():
            for khoan in services.CATEGORIES:
                texts = [request.form.get(f"{language}-{khoan}", "") for language in ("vi", "en")]
                above = held.get(khoan)
                if above is not None and above.unit_id != unit.id and texts == [above.text_vi, above.text_en]:
                    continue  # said above and left as it is
                services.save_rule(unit.id, khoan, *texts, actor=actor, now=now)
    except Invalid as error:
        return _page(unit, error)
    return back(url_for(".finding_rules", unit_code=unit.code), _("Đã lưu."))


def _page(unit: Unit, error: DomainError | None = None) -> ResponseReturnValue:
    today = clock.local_date(clock.now())
    return render_template(
        "compliance/parcel_checks/rules.html",
        unit=unit,
        rules=queries.rules_for(unit.id),
        typed=request.form,
        prohibited=law.PROHIBITED,
        check=[norm.basis for norm in (*law.CHECK, *law.REFUSE) if norm.holds(today)],
        faults=by_field(error),
        may_settle=guard.can("point.settle", unit.id),
    ), (error.http_status if error else 200)
