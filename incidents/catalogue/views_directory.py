"""Pages of the directory: authorities outside, mail routes, vehicles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _, lazy_gettext as _l

from core import clock
from core.actor import Actor
from core.form_values import whole_number
from incidents.catalogue import directory, queries as catalogue
from incidents.catalogue.models import AUTHORITY_ROLES, ROUTE_LEVELS, VEHICLE_KINDS
from incidents.catalogue.views_list_form import ListForm, Typed
from incidents.catalogue.words import ROLES, ROUTE_LEVELS as LEVEL_WORDS, VEHICLES
from people.access import guard
from people.form_values import indented, units_within

bp = Blueprint("directory", __name__, url_prefix="/incidents/directory")
_RIGHT = "directory.write"


def _editable() -> set[int] | None:
    return guard.reach(guard.current_actor(), _RIGHT, now=clock.now())


def _units() -> list[tuple[str, str]]:
    """Return those in which the reader may write, indented by depth."""
    return indented(units_within(guard.current_actor(), _RIGHT, clock.now()))


def _authorities() -> dict[str, Any]:
    everywhere = bool(guard.allowed(guard.current_actor(), _RIGHT, None, now=clock.now()))
    return {
        "rows": catalogue.authorities(),
        "editable": _editable(),
        "roles": [(code, str(ROLES[code])) for code in AUTHORITY_ROLES],
        "units": ([("", _("Toàn doanh nghiệp"))] if everywhere else []) + _units(),
        "words": ROLES,
        "everywhere": everywhere,
        "today": clock.local_date(clock.now()),
    }


def _routes() -> dict[str, Any]:
    levels = [(code, str(LEVEL_WORDS[code])) for code in ROUTE_LEVELS]
    rows = catalogue.routes(active=False)
    return {"rows": rows, "editable": _editable(), "levels": levels, "words": LEVEL_WORDS, "units": _units()}


def _vehicles() -> dict[str, Any]:
    return {
        "rows": catalogue.vehicles(active=False),
        "editable": _editable(),
        "kinds": [(code, str(VEHICLES[code])) for code in VEHICLE_KINDS],
        "words": VEHICLES,
        "routes": [("", _("Không cố định"))]
        + [(each.code, f"{each.code} · {each.name}") for each in catalogue.routes()],
        "units": _units(),
    }


def _save_authority(typed: Typed, *, actor: Actor, now: datetime) -> None:
    """``id`` empty: a new one."""
    directory.save_authority(whole_number(typed.get("id")), typed, actor=actor, now=now)


for page in (
    ListForm(
        "authorities", "save_authority", _RIGHT, _authorities, _save_authority, _l("Đã lưu danh bạ cơ quan."), "unit"
    ),
    ListForm("routes", "save_route", _RIGHT, _routes, directory.save_route, _l("Đã lưu đường thư."), "unit"),
    ListForm("vehicles", "save_vehicle", _RIGHT, _vehicles, directory.save_vehicle, _l("Đã lưu phương tiện."), "unit"),
):
    page.add_to(bp)
