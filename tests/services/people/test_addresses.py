"""Addresses that were handed out open their own thing or nothing, whatever is made and deleted in between."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from hypothesis import strategies as st
from sqlalchemy import delete, select

from core.db import db, transaction
from core.errors import DomainError, Gone, NotFound
from incidents.paging import bundle
from incidents.public_reports import codes, links, services as reports
from incidents.public_reports.models import PublicReport
from notify.gateways import services as gateways
from notify.gateways.models import Gateway
from notify.gateways.providers import RECIPES
from notify.gateways.recipe import from_json
from people.models import Person, Unit
from roster.campaigns.models import Campaign
from roster.models import Seat, Shift
from tests.support import factories
from tests.support.examples import for_any
from tests.support.factories import ADMIN, NOW

pytestmark = pytest.mark.both_dbs("numbers come from sequences, or from the largest one")
_names = itertools.count(1)


@dataclass(frozen=True)
class Kind:
    """How things of a kind are made (answers its address and its name), deleted, and opened by an address."""

    make: Callable[[], tuple[str, str]]
    delete: Callable[[str], Any]
    opened: Callable[[str], str]


def fresh(prefix: str) -> str:
    return f"{prefix}{next(_names)}"


def remove(model: Any, column: Any, name: str) -> None:
    with transaction() as session:
        session.execute(delete(model).where(column == name))


def make_unit() -> tuple[str, str]:
    unit = factories.make_unit(fresh("QR"))
    return codes.token_of(unit, 1), unit.code


def make_gateway() -> tuple[str, str]:
    recipe = from_json({**RECIPES["json_sms"]["settings"], "url": "http://127.0.0.1:9/sms"})
    row = gateways.save(
        None,
        gateways.GatewayInput(
            "sms", fresh("G"), position=1, active=True, allow_private=True, recipe=recipe, secrets={"token": "t"}
        ),
        actor=ADMIN,
        now=NOW,
    )
    return gateways.report_url(row).partition("/gateways/")[2], row.name


def open_gateway(address: str) -> str:
    number, _report, token = address.split("/")
    row = gateways.by_id(int(number))
    if not gateways.is_report_token(row, token):
        raise NotFound("gateway.unknown")
    return row.name


def any_unit() -> Unit:
    return db.session.scalar(select(Unit).where(Unit.code == "CHUNG")) or factories.make_unit("CHUNG")


def make_person() -> tuple[str, str]:
    person = factories.make_person(fresh("NV"), any_unit(), email=None)
    return bundle.token_for(person.id, NOW), person.code


def open_person(address: str) -> str:
    found = bundle.person_behind(address)
    if found is None:
        raise NotFound("link")
    return found[0].code


def delete_person(code: str) -> None:
    with transaction() as session:
        session.delete(session.scalars(select(Person).where(Person.code == code)).one())


def make_report() -> tuple[str, str]:
    told = reports.WrittenReport(fresh("form-"), "vehicle", fresh("Xe hỏng "), "", "", {})
    row, _new = reports.report(told, unit_id=any_unit().id, generation=1, address=fresh("192.0.2."), now=NOW)
    return links.link_of(row), row.form_key


KINDS = {
    "sheet": Kind(make_unit, lambda name: remove(Unit, Unit.code, name), lambda it: codes.by_token(it)[0].code),
    "gateway": Kind(
        make_gateway,
        lambda name: gateways.remove(
            db.session.scalars(select(Gateway.id).where(Gateway.name == name)).one(), actor=ADMIN, now=NOW
        ),
        open_gateway,
    ),
    "link to all calls": Kind(make_person, delete_person, open_person),
    "reporter's page": Kind(
        make_report,
        lambda name: remove(PublicReport, PublicReport.form_key, name),
        lambda it: links.by_link(it, now=NOW).form_key,
    ),
}


@pytest.mark.parametrize("kind", sorted(KINDS))
@for_any(
    st.lists(st.sampled_from(["make", "delete first", "delete last", "make again"]), min_size=3, max_size=8),
    examples=20,
)
def test_no_address_ever_opens_the_thing_of_another(app: Flask, kind: str, acts: list[str]) -> None:
    thing, alive, handed_out = KINDS[kind], list[str](), dict[str, str]()
    for act in ["make", *acts, "make"]:
        if act.startswith("make"):
            address, name = thing.make()
            assert address not in handed_out
            handed_out[address] = name
            alive.append(name)
        elif alive:
            thing.delete(alive.pop(0 if act == "delete first" else -1))
        for address, name in handed_out.items():
            try:
                assert thing.opened(address) == name and name in alive
            except DomainError:
                assert name not in alive
    for name in alive:
        thing.delete(name)


def seats_of_a_new_campaign(unit: Unit) -> set[int]:
    campaign = factories.make_campaign(unit)
    made = select(Seat.id).join(Shift).where(Shift.campaign_id == campaign.id)
    return set(db.session.scalars(made))


def clear_campaigns() -> None:
    with transaction() as session:
        session.execute(delete(Seat))
        session.execute(delete(Shift))
        session.execute(delete(Campaign))


def test_a_seat_s_id_is_never_used_again_because_calendars_know_it(app: Flask) -> None:
    unit = any_unit()
    factories.make_round_the_clock(unit)
    seen: set[int] = set()
    for _each in range(3):
        seats = seats_of_a_new_campaign(unit)
        assert seats and not seats & seen
        seen |= seats
        clear_campaigns()


def test_a_sheet_from_before_the_salt_works_until_it_is_replaced(app: Flask) -> None:
    unit = factories.make_unit("CU")
    with transaction() as session:
        session.get_one(Unit, unit.id).salt = ""  # as the migration leaves units that were there
    sheet = codes.token_of(unit, 1)
    assert codes.by_token(sheet)[0].code == "CU"
    codes.rotate(unit.id, actor=ADMIN, now=NOW)
    with pytest.raises(Gone):
        codes.by_token(sheet)
    replaced = db.session.get_one(Unit, unit.id)
    assert replaced.salt
    assert codes.by_token(codes.token_of(replaced, 2))[1] == 2
