"""Every route × every role × own and other unit, walked from the application's own address map.

1. A route that declares no action fails: nothing is reachable by forgetting.
2. Nobody gets in without signing in, and no role passes a gate that the table closes to it.
3. Routes about something of a unit (``CASES``) are tried by the admin, An (manager of the unit), Bình (staff in
   it), Chi (manager elsewhere) and Dũng (looks on elsewhere); what they get must be what the table says.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.routing import IntegerConverter, Rule

from compliance.followup import proofs
from compliance.inspector import services as inspector
from compliance.posting import services as posting
from compliance.posting.services import PostingReport
from compliance.register import letters
from compliance.register.models import Directive, Requirement
from core import clock
from core.actor import Actor
from core.db import db, transaction
from core.files import content as reading
from documents.drafting.services import DraftRequest
from documents.issued import services as issued
from documents.signed import services as signed
from duty.duty_checks.models import DutyCheck, DutyCheckUnit
from duty.on_duty import own_sections, views_own
from duty.time_off.models import DayRequest
from incidents.attachments import services as attachments
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.handovers.models import Handover
from incidents.intake import sources
from incidents.maintenance import services as maintenance
from incidents.merging import services as merging
from incidents.sharing import services as sharing
from notify.gateways import services as gateways
from notify.gateways.recipe import Recipe
from people import queries
from people.absences import services as absence_services
from people.access import permissions
from people.accounts import keys
from people.contact import verification
from people.links import slips
from people.notification_rules.models import ContactCode, Endpoint
from roster.crews import services as crews
from roster.lists import papers, services as lists
from roster.models import Shift
from roster.solving.services import request_solve
from roster.sources import pairs
from roster.sources.models import Demand
from tests.support import enterprise, office_things
from tests.support.doors import OPEN_BY_NATURE, declared_action, routes
from tests.support.enterprise import ROOT, sign_in
from tests.support.factories import make_campaign, make_demand
from tests.support.isolation import IsolatedClient
from tests.support.papers import settle
from tests.support.refusals_once import Kind, refusals_once
from tests.support.route_cases import UNIT_ROUTES, WITHOUT_UNIT, Case
from tests.support.route_cases_desk import DESK_ROUTES
from tests.support.route_cases_documents import DOCUMENT_ROUTES
from tests.support.route_cases_letter import LETTER_ROUTES
from tests.support.route_cases_others import OTHERS_ROUTES
from tests.support.route_cases_points import POINT_ROUTES, POINTS_WITHOUT_UNIT
from tests.support.stores import SqliteStore, prepare

CASES = UNIT_ROUTES | DESK_ROUTES | DOCUMENT_ROUTES | LETTER_ROUTES | POINT_ROUTES | OTHERS_ROUTES
ACTORS = ("qt1", "an1", "bi1", "ch1", "du1")
ROLE = {person[0].lower(): person[5] for person in enterprise.PEOPLE}
AT_HOME = ("qt1", "an1", "bi1")
"""Whose unit is BDA, the unit of everything below (or who reach everything)."""
DUMMIES = {"int": "999999", "default": "KHONG-CO", "string": "KHONG-CO", "path": "khong-co"}


def things_of_bda() -> dict[str, Any]:
    """The small enterprise and something of every kind in unit BDA; ids and codes by name."""
    known: dict[str, Any] = dict(enterprise.make())
    absence, _ = absence_services.add_absence(
        "BI1", date(2020, 2, 1), date(2020, 2, 2), "sick", now=clock.now(), actor=ROOT
    )
    known["absence"] = absence.id
    known["request"] = _request(known)
    incident, _ = creation.log(
        IncidentReport(title="Xe hỏng", category="vehicle", unit_id=known["BDA"], actor=ROOT), now=clock.now()
    )
    known["incident"] = incident.code
    known["shared"] = sharing.share(incident.code, None, now=clock.now(), actor=ROOT).id
    known["attachment"] = attachments.add(
        incident.id, stream=photo(), filename="xe.jpg", now=clock.now(), actor=ROOT
    ).key
    other, _ = creation.log(
        IncidentReport(title="Xe hỏng", category="vehicle", unit_id=known["BDA"], actor=ROOT), now=clock.now()
    )
    same, _ = creation.log(
        IncidentReport(title="Xe hỏng nặng", category="vehicle", unit_id=known["BDA"], actor=ROOT), now=clock.now()
    )
    merging.join(same.id, main_id=other.id, now=clock.now(), actor=ROOT)
    known["other"], known["joined"] = other.code, same.code
    known["intake"] = sources.create(
        sources.NewSource("Giám sát", "generic", known["BDA"]), now=clock.now(), actor=ROOT
    )[0].id
    known["window"] = maintenance.silence(
        known["intake"], hours=1, reason="Sửa", now=clock.now(), actor=ROOT, confirmed=False
    ).id
    make_demand(queries.unit_by_code("BDA"))
    known["demand"] = db.session.scalar(select(func.min(Demand.id)))
    campaign = make_campaign(queries.unit_by_code("BDA"))
    known["campaign"], known["shift"] = campaign.id, db.session.scalar(select(func.min(Shift.id)))
    known["unit_list"], known["list_paper"] = _list_of_a_unit(known)
    known["run"] = request_solve(campaign.id, now=clock.now(), actor=ROOT).id
    known["crew"] = crews.make_crew("BDA", "Kíp của Bình", [], now=clock.now(), actor=ROOT).id
    known["pair"] = pairs.save_pair("BI1", "AN1", "apart", now=clock.now(), actor=ROOT)[0].id
    known["handover"], known["check"] = _minutes_and_check(known)
    known["document"], known["scan"] = _document_and_scan(known)
    known["contact"] = queries.person_by_code("BI1").contacts[0].id
    known["device"], known["code"] = _device_and_code(known["BI1"], known["contact"])
    known |= _letter()
    known["posting"] = _posting(known["BDA"])
    known |= office_things.others(clock.now())
    known["gateway"] = gateways.save(
        None,
        gateways.GatewayInput(
            "sms",
            "Cổng",
            position=1,
            active=True,
            allow_private=False,
            recipe=Recipe("https://sms.example/"),
            secrets={},
        ),
        now=clock.now(),
        actor=ROOT,
    ).id
    return known


def _posting(unit_id: int) -> int:
    said = PostingReport("mau", "prohibited", photo=reading.read_file(photo().getvalue(), "a.jpg"))
    return posting.post(unit_id, said, actor=ROOT, now=clock.now())[0].id


def _letter() -> dict[str, int]:
    """Letter 77, handed out; a requirement of it, with evidence of BDA; a link of an inspector."""
    now = clock.now()
    with transaction() as session:
        letter = session.scalars(select(Directive).where(Directive.seed == "77-2020")).one()
        letter.season_from, letter.season_to = date(2020, 1, 17), date(2020, 2, 8)
    letters.spread(letter.id, actor=ROOT, now=now)
    row = session.scalars(select(Requirement).filter_by(directive_id=letter.id, key="post-list")).one()
    proof = proofs.add_link(row.id, "BDA", "https://a.example/1", internal=False, actor=ROOT, now=now)
    link = inspector.make(letter.id, "BDA", "Sở", 3, actor=ROOT, now=now)
    return {"letter": letter.id, "requirement": row.id, "evidence": proof.id, "inspector": link.id}


def _list_of_a_unit(known: dict[str, Any]) -> tuple[int, str]:
    """Its id, and the key of the paper that came with it."""
    now = clock.now()
    collection, _told = lists.collect(
        known["campaign"], units=[known["BDA"]], due_at=now + timedelta(days=3), message="", actor=ROOT, now=now
    )
    row = collection.lists[0]
    with transaction():
        papers.keep(row, [reading.read_file(photo().read(), "a.jpg")], now=now)
    return row.id, row.files[0].key


def _request(known: dict[str, Any]) -> int:
    """What Bình asks for."""
    own = Actor(name="Bình", role="staff", via="session", person_id=known["BI1"], unit_id=known["BDA"])
    absence_services.add_absence("BI1", date(2020, 2, 5), date(2020, 2, 6), "travel", now=clock.now(), actor=own)
    return db.session.scalars(select(DayRequest.id)).one()


def _document_and_scan(known: dict[str, Any]) -> tuple[int, int]:
    """Ids of an issued document about the incident, and of its signed paper."""
    settle(clock.now())
    wanted = DraftRequest(f"incident:{known['incident']}", "incidents.record", {})
    document = issued.issue(wanted, once="route-matrix", actor=ROOT, now=clock.now())
    scan = signed.attach(document.id, reading.read_file(photo().getvalue(), "ky.jpg"), actor=ROOT, now=clock.now())
    return document.id, scan.id


def photo() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "brown").save(out, "JPEG")
    return io.BytesIO(out.getvalue())


def _minutes_and_check(known: dict[str, Any]) -> tuple[int, int]:
    """Ids of minutes of a change of shift that nobody has accepted, and of a check that is over; both of BDA."""
    now = clock.now()
    minutes = Handover(
        unit_id=known["BDA"],
        year=2020,
        number=1,
        duty="operations",
        seat_id=1,
        starts_at=now,
        changes_at=now,
        outgoing_id=known["AN1"],
        outgoing_name="Nguyễn Văn An",
        content={"items": [], "notes": "", "undone": ""},
        prepared_at=now,
        prepared_by="An",
    )
    check = DutyCheck(asked_at=now, closes_at=now, closed_at=now, asked_by="An")
    check.units = [DutyCheckUnit(unit_id=known["BDA"], position=0)]
    with transaction() as session:
        session.add_all([minutes, check])
    return minutes.id, check.id


def _device_and_code(person_id: int, contact_id: int) -> tuple[int, int]:
    """Ids of a device of that person, and of a code on its way to an address of theirs."""
    now = clock.now()
    device = Endpoint(
        person_id=person_id, channel="apprise", address="jsons://x", digest="d", name="Nhóm", created_at=now
    )
    code = ContactCode(
        person_id=person_id,
        contact_id=contact_id,
        channel="sms",
        address="0900000102",
        digest="x",
        sent_at=now,
        expires_at=now + verification.LIVES,
    )
    with transaction() as session:
        session.add_all([device, code])
    return device.id, code.id


def keys_of_everybody() -> dict[str, str]:
    """A key per actor with the role, unit and person of the account."""
    made = {}
    for code, name, unit, _phone, _duties, role in enterprise.PEOPLE:
        unit_code = None if role == "admin" else unit
        made[code.lower()] = keys.create_api_key(
            keys.NewApiKey(name, role, unit_code, code), now=clock.now(), actor=ROOT
        )[1]
    return made


def cookie_of(app: Flask, who: str) -> str:
    """The cookie of a browser in which ``who`` has signed in."""
    client = IsolatedClient(app)
    sign_in(client, who)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return cookie.value


@dataclass(frozen=True)
class Start:
    """What every test here begins with: a database, and the ids, API keys and cookies that are good in it."""

    database: Path
    ids: dict[str, Any]
    api_keys: dict[str, str]
    cookies: dict[str, str]


@pytest.fixture(scope="module")
def start(_sqlite: tuple[SqliteStore, Flask]) -> Start:
    store, application = _sqlite

    def make() -> tuple[dict[str, Any], dict[str, str], dict[str, str]]:
        return things_of_bda(), keys_of_everybody(), {who: cookie_of(application, who) for who in ACTORS}

    database, made = prepare(store, application, "route-matrix", make)
    return Start(database, *made)


@pytest.fixture(scope="module")
def drawn() -> set[Kind]:
    return set()


@pytest.fixture
def statuses(drawn: set[Kind]) -> Iterator[None]:
    """For walks that are after statuses: of each kind of error page one is drawn and looked at."""
    with refusals_once(drawn):
        yield


@pytest.fixture
def fresh(app: Flask, start: Start, _sqlite: tuple[SqliteStore, Flask]) -> Callable[[], None]:
    """Puts a fresh copy of the database of ``start`` in place: before the test, and whenever it is called."""

    def put() -> None:
        db.session.remove()
        db.engine.dispose()
        _sqlite[0].reset(start.database)

    put()
    return put


@pytest.fixture
def ids(start: Start, fresh: Callable[[], None]) -> dict[str, Any]:
    """What there is, in a fresh copy of the database."""
    return start.ids


@pytest.fixture
def visitor(app: Flask, fresh: Callable[[], None], start: Start) -> Callable[[str], FlaskClient]:
    """``visitor("an1")`` is a browser in which An has signed in."""

    def signed_in(who: str) -> FlaskClient:
        client = IsolatedClient(app)
        client.set_cookie(app.config["SESSION_COOKIE_NAME"], start.cookies[who])
        return client

    return signed_in


def ask(client: FlaskClient, method: str, path: str, data: Any, key: str | None) -> Any:
    if path.startswith("/api/"):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return client.open(path, method=method, json=data, headers=headers)
    return client.open(path, method=method, data=data)


def concrete(rule: Rule) -> str:
    """The rule's address with names that exist nowhere."""
    path = rule.rule
    for name, converter in rule._converters.items():
        dummy = DUMMIES["int" if isinstance(converter, IntegerConverter) else "default"]
        for written in (f"<int:{name}>", f"<path:{name}>", f"<string:{name}>", f"<{name}>"):
            path = path.replace(written, dummy)
    return path


def test_every_route_declares_who_may_use_it(app: Flask) -> None:
    known = permissions.TABLE.keys() | {"public", "signed_in", "any_key"}
    silent = [
        f"{method} {rule.rule} ({rule.endpoint})"
        for rule, method in routes(app)
        if rule.endpoint not in OPEN_BY_NATURE and declared_action(app, rule.endpoint) not in known
    ]
    assert silent == []


def test_nobody_gets_in_without_signing_in(app: Flask, client: FlaskClient, ids: dict[str, Any]) -> None:
    open_doors = []
    for rule, method in routes(app):
        action = declared_action(app, rule.endpoint)
        if rule.endpoint in OPEN_BY_NATURE or action == "public":
            continue
        answer = ask(client, method, concrete(rule), None, None)
        to_the_door = answer.status_code == 303 and answer.location.startswith("/login")
        if answer.status_code != 401 and not to_the_door:
            open_doors.append(f"{method} {rule.rule} → {answer.status_code}")
    assert open_doors == []


@pytest.mark.usefixtures("statuses")
@pytest.mark.parametrize("turn", [0, pytest.param(1, marks=pytest.mark.rest)])
@pytest.mark.parametrize("who", ["qt1", "an1", "bi1", "du1", pytest.param("ch1", marks=pytest.mark.rest)])  # An's role
def test_no_role_passes_a_gate_that_is_closed_to_it(
    app: Flask, visitor: Callable[[str], FlaskClient], start: Start, who: str, turn: int
) -> None:
    """Whoever is refused has the first turn; who may knocks at every other door, from role to role."""
    client = visitor(who)
    wrong = []
    for number, (rule, method) in enumerate(routes(app), start=ACTORS.index(who)):
        action = declared_action(app, rule.endpoint)
        if action not in permissions.TABLE:
            continue
        may = permissions.may_anywhere(ROLE[who], action)
        if turn != (number % 2 if may else 0):
            continue
        status = ask(client, method, concrete(rule), None, start.api_keys[who]).status_code
        if (not may and status != 403) or (may and status in (401, 500)):
            wrong.append(f"{method} {rule.rule} ({action}) → {status}")
    assert wrong == []


@pytest.mark.usefixtures("statuses")
@pytest.mark.parametrize("turn", [0, pytest.param(1, marks=pytest.mark.rest)])
@pytest.mark.parametrize("route", sorted(CASES), ids=" ".join)
def test_things_of_a_unit_obey_the_table(
    visitor: Callable[[str], FlaskClient], start: Start, fresh: Callable[[], None], route: tuple[str, str], turn: int
) -> None:
    """One of those who are refused and one of those who may have the first turn, others from route to route; whoever is
    left has the second."""
    method, case = route[0], CASES[route]
    refused, may = [[who for who in ACTORS if _may(who, case) is allowed] for allowed in (False, True)]
    number = sorted(CASES).index(route)
    first = [*_from(refused, number)[:1], _from(may, number)[0]]
    data = {name: _filled(value, start.ids) for name, value in case.data.items()} if case.data is not None else None
    wrong = []
    # Who is refused changes nothing for the next.
    for who in [each for each in refused + may if each not in first] if turn else first:
        answer = ask(visitor(who), method, _filled(case.path, start.ids), data, start.api_keys[who])
        if _may(who, case):
            welcome = (200, 201, 202, 204, 303, 404, 409, 422) if case.state else (200, 201, 202, 204, 303)
            if method != "GET":
                fresh()
        else:
            welcome = (403,)
        if answer.status_code not in welcome:
            wrong.append(f"{who} → {answer.status_code}: {answer.text[:500]}")
    assert not wrong, "\n".join(wrong)


def _from(people: list[str], number: int) -> list[str]:
    """All of them, another at the head from number to number."""
    begin = number % max(1, len(people))
    return people[begin:] + people[:begin]


def _may(who: str, case: Case) -> bool:
    """What the table says of An, Bình … and something of the unit BDA, or of Bình."""
    relation: permissions.Relation = "own" if who in AT_HOME else "other"
    if case.mine and who == "bi1":
        relation = "self"
    return permissions.may(ROLE[who], case.action, relation)


@pytest.mark.usefixtures("statuses")
@pytest.mark.parametrize("turn", [0, pytest.param(1, marks=pytest.mark.rest)])
def test_who_may_not_is_refused_before_anything_sent_is_read(
    visitor: Callable[[str], FlaskClient], start: Start, turn: int
) -> None:
    """Faults of fields tell what exists; somebody without the right hears of the right alone. One sends nothing and
    the other nonsense, from route to route and from turn to turn the other way round."""
    told = []
    for number, ((method, endpoint), case) in enumerate(sorted(CASES.items()), start=turn):
        names_the_thing = _filled(case.path, start.ids) != case.path or "BDA" in case.path or "BI1" in case.path
        for place, who in enumerate(("ch1", "du1")):
            if method == "GET" or not names_the_thing or permissions.may(ROLE[who], case.action, "other"):
                continue
            sent = ({}, {"unit_code": "KHONG-CO", "people": 7, "from_on": "x"})[(number + place) % 2]
            status = ask(visitor(who), method, _filled(case.path, start.ids), sent, start.api_keys[who]).status_code
            if status != 403:
                told.append(f"{who}: {method} {endpoint} → {status}")
    assert not told, "\n".join(sorted(set(told)))


def _filled(value: Any, ids: dict[str, Any]) -> Any:
    """``{absence}`` and ``{user:bi1}`` become ids."""
    if isinstance(value, str):
        for name, number in ids.items():
            value = value.replace(f"{{{name}}}", str(number))
    return value


BY_SLIP = {"me", "not_me", "confirm", "disown", "disown_presence", "disown_check", "calendar"}
BY_SLIP |= {"check_in", "check_out", "left_at_end", "ready", "on_duty"}
"""What is taken from whoever has a slip; whatever else comes to one's own page needs its owner's word."""


def test_a_slip_is_a_role_of_its_own(app: Flask, ids: dict[str, Any]) -> None:
    """It opens one page, takes what the table says there, and nothing anywhere else."""
    now = clock.now()
    printed = slips.print_each([queries.person_by_code("BI1")], actor=ROOT, now=now)
    path = "/p/me/" + printed.urls[ids["BI1"]].rpartition("/")[2]
    holder = IsolatedClient(app)
    assert holder.post(path, data={"do": "me"}).status_code == 303
    verbs = {verb for package in own_sections.packages().values() for each in package for verb in each.verbs}
    refused = {do for do in verbs if "Phiếu do người khác in" in holder.post(path, data={"do": do}).text}
    assert (verbs | set(views_own.VERBS) | {"not_me"}) - refused == BY_SLIP
    inside = []
    for rule, method in routes(app):
        if rule.endpoint in OPEN_BY_NATURE or declared_action(app, rule.endpoint) == "public":
            continue
        answer = ask(holder, method, concrete(rule), None, None)
        if answer.status_code != 401 and not (answer.status_code == 303 and answer.location.startswith("/login")):
            inside.append(f"{method} {rule.rule} → {answer.status_code}")
    assert inside == []


def test_no_route_is_left_out_of_the_matrix(app: Flask) -> None:
    """A new route about people, incidents or gateways needs a case, or a reason why it is about no unit."""
    left_out = [
        f"{method} {rule.endpoint}"
        for rule, method in routes(app)
        if declared_action(app, rule.endpoint) in permissions.TABLE
        and (app.view_functions[rule.endpoint].__module__ + ".").startswith(
            ("people.", "documents.", "incidents.", "desk.gateways.")
        )
        and (method, rule.endpoint) not in CASES
        and rule.endpoint not in WITHOUT_UNIT | POINTS_WITHOUT_UNIT
    ]
    assert sorted(left_out) == []


def test_the_matrix_notices_an_undeclared_route(app: Flask) -> None:
    """The walk itself: a view without a decorator has no action, whatever blueprint it hides in."""
    assert declared_action(app, "people.directory") == "person.read"
    assert declared_action(app, "people_api.list_units") == "unit.read"
    app.view_functions["forgotten"] = lambda: "x"
    try:
        assert declared_action(app, "forgotten") is None
    finally:
        del app.view_functions["forgotten"]
