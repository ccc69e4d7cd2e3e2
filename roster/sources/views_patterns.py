"""The page of work patterns: ordinary weekly hours, which on-site duty may not overlap."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import DomainError, FieldError, Forbidden, by_field
from core.web import back
from people.access import guard
from roster.blueprint import bp
from roster.sources import work_patterns as patterns

DAYS = tuple(str(day) for day in range(7))


@bp.get("/work-patterns/")
@guard.requires("campaign.read")
def work_patterns() -> ResponseReturnValue:
    """Every pattern with its hours, and a form for a new one."""
    return _page({}, {})


@bp.post("/work-patterns/")
@guard.requires("dutykind.write")
def save_work_pattern() -> ResponseReturnValue:
    """One pattern; ``code`` says which."""
    typed, faults, hours = dict(request.form.items()), dict[str, str](), {}
    for day in DAYS:
        try:
            hours[day] = patterns.parsed(typed.get(f"hours.{day}", ""))
        except ValueError:
            faults[f"hours.{day}"] = FieldError(day, "pattern.hours").message()
    try:
        normal = patterns.parsed_normal(typed.get("normal", ""))
    except ValueError:
        faults["normal"] = FieldError("normal", "pattern.normal").message()
    if not faults:
        try:
            row, is_new = patterns.save_pattern(
                typed.get("code", "").strip(),
                name_vi=typed.get("name_vi", ""),
                name_en=typed.get("name_en", ""),
                hours=hours,
                normal=normal,
                actor=guard.current_actor(),
                now=clock.now(),
            )
            words = _("Đã thêm giờ làm việc %(code)s.", code=row.code) if is_new else _("Đã lưu giờ làm việc.")
            warned = patterns.warnings(row)
            if warned:
                words = _("%(saved)s Cảnh báo, mức vượt luật: %(what)s", saved=words, what=" ".join(warned))
            return back(url_for("roster.work_patterns"), words, "warn" if warned else "ok")
        except Forbidden:
            raise
        except DomainError as error:
            faults = by_field(error)
    return _page(typed, faults, 422)


def _page(typed: Mapping[str, str], faults: Mapping[str, str], status: int = 200) -> ResponseReturnValue:
    may = bool(guard.allowed(guard.current_actor(), "dutykind.write", None, now=clock.now()))
    page = render_template(
        "roster/sources/work_patterns.html",
        rows=patterns.patterns(),
        typed=typed,
        faults=faults,
        days=DAYS,
        may=may,
        shown=patterns.shown,
        by_roster=patterns.BY_ROSTER,
        shown_normal=patterns.shown_normal,
        warnings=patterns.warnings,
    )
    return page, status
