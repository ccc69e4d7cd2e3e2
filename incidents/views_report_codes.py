"""Pages of the QR sheets: which unit has which generation, print them, replace or withdraw one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import segno
from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from core import clock
from core.errors import Invalid
from core.web import back
from incidents import report_codes
from people import guard, queries as people
from people.models import Unit
from roster.reach import reach_of

bp = Blueprint("report_codes", __name__, url_prefix="/incidents/qr")
SIZES = ("a4", "a6")


@bp.get("/")
@guard.requires("report.manage")
def overview() -> ResponseReturnValue:
    """Every unit in reach, what hangs there, and the buttons to print, replace and withdraw."""
    tree = _within(clock.now())
    states = report_codes.states([unit.id for _depth, unit in tree])
    return render_template(
        "reports/codes.html", tree=tree, states=states, reach=reach_of(current_app.config["PUBLIC_URL"]),
        public_url=current_app.config["PUBLIC_URL"],
        numberless=[unit.name for _depth, unit in tree if not report_codes.desk_number(unit)],
    )  # fmt: skip


@bp.get("/print")
@guard.requires("report.manage")
def sheets() -> ResponseReturnValue:
    """Sheets to print: of one unit (``?unit=``) or of all in reach, one a page of A4 or four (``?size=a6``)."""
    now, wanted = clock.now(), request.args.get("unit", "")
    size = request.args.get("size", "a4")
    if size not in SIZES:
        raise Invalid("report.size", field="size")
    units = [unit for _depth, unit in _within(now) if not wanted or unit.code == wanted]
    if wanted and not units:
        guard.ensure(guard.current_actor(), "report.manage", people.unit_by_code(wanted).id, now=now)
    states = report_codes.states([unit.id for unit in units])
    withdrawn = {unit_id for unit_id, row in states.items() if row.revoked_at is not None}
    printed = [_sheet(unit, states[unit.id].generation if unit.id in states else 1) for unit in units
               if unit.id not in withdrawn]  # fmt: skip
    return render_template("reports/sheets.html", sheets=printed, size=size, unit=wanted, now=now)


@bp.post("/<unit_code>/rotate")
@guard.requires("report.manage")
def rotate(unit_code: str) -> ResponseReturnValue:
    row = report_codes.rotate(people.unit_by_code(unit_code).id, actor=guard.current_actor(), now=clock.now())
    said = _("Đã đổi mã: tờ số %(n)s thay mọi tờ cũ. Đề nghị in và treo tờ mới.", n=row.generation)
    return back(url_for(".overview"), said)


@bp.post("/<unit_code>/revoke")
@guard.requires("report.manage")
def revoke(unit_code: str) -> ResponseReturnValue:
    report_codes.revoke(people.unit_by_code(unit_code).id, actor=guard.current_actor(), now=clock.now())
    return back(url_for(".overview"), _("Đã thu hồi: tờ đang treo không còn báo được."))


def _within(now: datetime) -> list[tuple[int, Unit]]:
    reach = guard.reach(guard.current_actor(), "report.manage", now=now)
    return [(depth, unit) for depth, unit in people.unit_tree() if reach is None or unit.id in reach]


def _sheet(unit: Unit, generation: int) -> dict[str, Any]:
    token = report_codes.token_of(unit, generation)
    url = current_app.config["PUBLIC_URL"] + url_for("reports.form", token=token)
    code = segno.make(url, error="q", micro=False)  # a sheet on a wall gets scratched
    svg = Markup(code.svg_inline(border=0, omitsize=True))  # noqa: S704  (our own SVG)
    return {"unit": unit, "generation": generation, "url": url, "qr": svg, "phone": report_codes.desk_number(unit)}
