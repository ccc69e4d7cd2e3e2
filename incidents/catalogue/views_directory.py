"""Pages of the directory: authorities outside, mail routes, vehicles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import DomainError
from core.form_values import whole_number
from core.web import back
from incidents.catalogue import directory, queries as catalogue
from incidents.catalogue.models import AUTHORITY_ROLES, ROUTE_LEVELS, VEHICLE_KINDS
from incidents.catalogue.views import faults_of
from incidents.catalogue.words import ROLES, ROUTE_LEVELS as LEVEL_WORDS, VEHICLES
from people import queries as people
from people.access import guard

bp = Blueprint("directory", __name__, url_prefix="/incidents/directory")


def _units() -> list[tuple[str, str]]:
    """Those in which the reader may write, indented by depth."""
    within = guard.reach(guard.current_actor(), "directory.write", now=clock.now())
    return [
        (unit.code, "\u2003" * depth + unit.name)
        for depth, unit in people.unit_tree()
        if within is None or unit.id in within
    ]


def _editable() -> set[int] | None:
    return guard.reach(guard.current_actor(), "directory.write", now=clock.now())


@bp.get("/authorities")
@guard.requires("incident.log")
def authorities() -> str:
    return _authorities({}, {})


@bp.post("/authorities")
@guard.requires("directory.write")
def save_authority() -> ResponseReturnValue:
    """``id`` empty: a new one."""
    typed = request.form.to_dict()
    number = whole_number(typed.get("id"))
    return _saved(
        lambda actor, now: directory.save_authority(number, typed, actor=actor, now=now),
        lambda faults: _authorities(typed, faults),
        ".authorities",
        _("Đã lưu danh bạ cơ quan."),
    )


def _authorities(typed: dict[str, str], faults: dict[str, str]) -> str:
    roles = [(code, str(ROLES[code])) for code in AUTHORITY_ROLES]
    everywhere = bool(guard.allowed(guard.current_actor(), "directory.write", None, now=clock.now()))
    units = ([("", _("Toàn doanh nghiệp"))] if everywhere else []) + _units()
    return _page(
        "authorities",
        catalogue.authorities(),
        typed,
        faults,
        roles=roles,
        units=units,
        words=ROLES,
        everywhere=everywhere,
        today=clock.local_date(clock.now()),
    )


@bp.get("/routes")
@guard.requires("incident.log")
def routes() -> str:
    return _routes({}, {})


@bp.post("/routes")
@guard.requires("directory.write")
def save_route() -> ResponseReturnValue:
    typed = request.form.to_dict()
    return _saved(
        lambda actor, now: directory.save_route(typed, actor=actor, now=now),
        lambda faults: _routes(typed, faults),
        ".routes",
        _("Đã lưu đường thư."),
    )


def _routes(typed: dict[str, str], faults: dict[str, str]) -> str:
    levels = [(code, str(LEVEL_WORDS[code])) for code in ROUTE_LEVELS]
    rows = catalogue.routes(active=False)
    return _page("routes", rows, typed, faults, levels=levels, words=LEVEL_WORDS, units=_units())


@bp.get("/vehicles")
@guard.requires("incident.log")
def vehicles() -> str:
    return _vehicles({}, {})


@bp.post("/vehicles")
@guard.requires("directory.write")
def save_vehicle() -> ResponseReturnValue:
    typed = request.form.to_dict()
    return _saved(
        lambda actor, now: directory.save_vehicle(typed, actor=actor, now=now),
        lambda faults: _vehicles(typed, faults),
        ".vehicles",
        _("Đã lưu phương tiện."),
    )


def _vehicles(typed: dict[str, str], faults: dict[str, str]) -> str:
    kinds = [(code, str(VEHICLES[code])) for code in VEHICLE_KINDS]
    known = [("", _("Không cố định"))] + [(each.code, f"{each.code} · {each.name}") for each in catalogue.routes()]
    return _page(
        "vehicles",
        catalogue.vehicles(active=False),
        typed,
        faults,
        kinds=kinds,
        words=VEHICLES,
        routes=known,
        units=_units(),
    )


def _page(name: str, rows: list[Any], typed: dict[str, str], faults: dict[str, str], **facts: Any) -> str:
    return render_template(
        f"incidents/catalogue/{name}.html", rows=rows, typed=typed, faults=faults, editable=_editable(), **facts
    )


def _saved(
    save: Callable[..., object], again: Callable[[dict[str, str]], str], where: str, said: str
) -> ResponseReturnValue:
    """Save and go back to the list, or show it again with what was typed and what is wrong."""
    try:
        save(guard.current_actor(), clock.now())
    except DomainError as error:
        return again(faults_of(error, "unit")), error.http_status
    return back(url_for(where), said)
