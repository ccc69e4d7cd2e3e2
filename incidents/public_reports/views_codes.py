"""Pages of the QR sheets: which unit has which generation, print them, replace or withdraw one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import segno
from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from markupsafe import Markup

from core import arguments, clock, pages
from core.errors import Invalid
from core.web import back
from incidents.public_reports import beside, codes, counter_codes, sheets as report_sheets
from people import queries as people, unit_list
from people.access import guard
from people.form_values import units_within
from people.models import Unit
from roster.reachability.address_scope import reach_of
from roster.resolver import numbers

bp = Blueprint("report_codes", __name__, url_prefix="/incidents/qr")
SIZES = ("a4", "a6")


@bp.get("/")
@guard.requires("report.manage")
def overview() -> ResponseReturnValue:
    """Units in reach, a page at a time: what hangs there, and the buttons to print, replace and withdraw."""
    tree = _within(clock.now())
    listed = unit_list.narrowed(tree, request.args)
    sheets = {sheet.unit.id: sheet for sheet in report_sheets.sheets_for([unit for _depth, unit in tree])}
    shown = pages.part(listed.rows, arguments.number("page", 1))
    here = {unit.id for _depth, unit in shown.rows}
    standing = {unit_id for unit_id, sheet in sheets.items() if not sheet.withdrawn}
    return render_template(
        "incidents/public_reports/codes.html",
        listed=listed,
        shown=shown,
        here=here,
        sheets=sheets,
        states=codes.states(here),
        beside=beside.pages(),
        reach=reach_of(current_app.config["PUBLIC_URL"]),
        public_url=current_app.config["PUBLIC_URL"],
        numberless=[sheet.unit.name for sheet in sheets.values() if not sheet.number.phone],
        outdated=[sheet for sheet in sheets.values() if sheet.changed],
        counters_due=sum(sheet.is_counter_due for sheet in sheets.values()),
        parts=unit_list.parts(listed.within, lambda unit: int(unit.id in standing)),
        to_print=sum(unit.id in standing for _depth, unit in listed.within),
    )


@bp.get("/print")
@guard.requires("report.manage")
def sheets() -> ResponseReturnValue:
    """Sheets to print: of one unit (``?unit=``), also with those below it (``&below=1``), of all in reach, or of those
    that must be printed again (``?again=1``); one a page of A4 or four (``?size=a6``). Of each unit the one that hangs
    outside and the counter's own, or one of them (``?kind=public``, ``?kind=counter``)."""
    kind = _kind(request.args.get("kind", "both"))
    now, wanted, again = clock.now(), request.args.get("unit", ""), request.args.get("again") == "1"
    below = request.args.get("below") == "1"
    size = request.args.get("size", "a4")
    if size not in SIZES:
        raise Invalid("report.size", field="size")
    standing = [
        sheet for sheet in report_sheets.sheets_for(_chosen(wanted, now, below=below)) if sheet.is_printed(kind)
    ]
    printed = [_printed(sheet, kind) for sheet in standing if not again or _is_due(sheet, kind)]
    return render_template(
        "incidents/public_reports/sheets.html",
        sheets=printed,
        size=size,
        kind=kind,
        unit=wanted,
        below=below,
        again=again,
        now=now,
    )


@bp.post("/printed")
@guard.requires("report.manage")
def printed() -> ResponseReturnValue:
    """The sheets of the page were printed and will hang: from now on the list compares with them."""
    now, shown = clock.now(), set(request.form.getlist("sheet"))
    if not shown:
        raise Invalid("report.no_sheet", field="sheet")
    units = [sheet.unit.id for sheet in report_sheets.sheets_for(_chosen("", now)) if report_sheets.tag(sheet) in shown]
    kind = _kind(request.form.get("kind", "both"))
    count = report_sheets.mark_printed(units, kind=kind, actor=guard.current_actor(), now=now)
    said = ngettext("Đã ghi: %(num)s tờ đã in.", "Đã ghi: %(num)s tờ đã in.", count)
    if count < len(shown):
        said += " " + _("%(n)s tờ đã đổi nội dung từ lúc in: đề nghị in lại.", n=len(shown) - count)
    return back(url_for(".overview"), said)


@bp.post("/<unit_code>/rotate")
@guard.requires("report.manage")
def rotate(unit_code: str) -> ResponseReturnValue:
    row = codes.rotate(people.unit_by_code(unit_code).id, actor=guard.current_actor(), now=clock.now())
    said = _("Đã đổi mã: tờ số %(n)s thay mọi tờ cũ. Đề nghị in và treo tờ mới.", n=row.generation)
    return back(_listed(), said)


@bp.post("/<unit_code>/counter/rotate")
@guard.requires("report.manage")
def rotate_counter(unit_code: str) -> ResponseReturnValue:
    """What the counter's sheet said yesterday opens nothing today; the one outside goes on reporting."""
    row = counter_codes.rotate(people.unit_by_code(unit_code).id, actor=guard.current_actor(), now=clock.now())
    said = _("Đã đổi mã của quầy: tờ số %(n)s thay tờ cũ. Đề nghị in và giao cho quầy.", n=row.generation)
    return back(_listed(), said)


@bp.post("/<unit_code>/revoke")
@guard.requires("report.manage")
def revoke(unit_code: str) -> ResponseReturnValue:
    codes.revoke(people.unit_by_code(unit_code).id, actor=guard.current_actor(), now=clock.now())
    return back(_listed(), _("Đã thu hồi: tờ đang treo không còn báo được."))


def _listed() -> str:
    """The list as it was looked at."""
    return url_for(".overview", **unit_list.same_page(request.args))


def _within(now: datetime) -> list[tuple[int, Unit]]:
    return units_within(guard.current_actor(), "report.manage", now)


def _chosen(wanted: str, now: datetime, *, below: bool = False) -> list[Unit]:
    """The unit named, also with those below it, or all in reach."""
    tree = _within(now)
    named = next((unit for _depth, unit in tree if unit.code == wanted), None)
    if wanted and named is None:
        guard.ensure(guard.current_actor(), "report.manage", people.unit_by_code(wanted).id, now=now)
    if named is not None and not below:
        return [named]
    return [unit for _depth, unit in (unit_list.below(tree, named.id) if named else tree)]


def _kind(asked: str) -> str:
    if asked not in report_sheets.KINDS:
        raise Invalid("report.kind", field="kind")
    return asked


def _is_due(sheet: report_sheets.PrintableSheet, kind: str) -> bool:
    return (kind != "counter" and bool(sheet.changed)) or (kind != "public" and sheet.is_counter_due)


def _printed(sheet: report_sheets.PrintableSheet, kind: str) -> dict[str, Any]:
    outside = url_for("reports.form", token=codes.token_of(sheet.unit, sheet.generation))
    behind = kind != "public" and sheet.has_counter
    counter = beside.hidden_fields(counter_codes.token_of(sheet.unit, sheet.counter_generation))
    return {
        "sheet": sheet,
        "unit": sheet.unit,
        "public": _code(outside) if kind != "counter" and not sheet.withdrawn else None,
        "counters": [(words, *_code(address)) for address, words in counter] if behind else [],
        "tag": report_sheets.tag(sheet),
        "whose": _whose(sheet.number),
    }


def _code(address: str) -> tuple[str, Markup]:
    """(where it leads, the picture)"""
    url = current_app.config["PUBLIC_URL"] + address
    code = segno.make(url, error="q", micro=False)  # a sheet on a wall gets scratched
    return url, Markup(code.svg_inline(border=0, omitsize=True))  # noqa: S704  (our own SVG)


def _whose(number: numbers.DialNumber) -> str:
    """Return what stands above the number: an office's own telephone is not called a desk."""
    if number.is_desk or number.unit_id is None:
        return _("Trực điều hành")
    return _("Điện thoại %(unit)s", unit=people.unit_by_id(number.unit_id).name)
