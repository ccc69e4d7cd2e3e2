"""Who carries a paper or a link and no account, as roles of their own: what each opens, tried at every public address.

The sheet outside reports; the counter's sheet tells of the counter's days; a sheet of before opens both until the unit
has printed new ones, and what it tells waits; an inspector's link reads. A link of a call answers for that call; a
unit's list is filled in by its link; what is shared with a group is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compliance.inspector import services as inspector
from compliance.register import letters
from compliance.register.models import Directive
from core import clock
from core.db import db as database, transaction
from core.security import tokens
from duty.sharing import services as sharing
from duty.voice_prompts.models import SpokenAsk
from incidents.escalation import engine
from incidents.paging import bundle
from incidents.public_reports import codes, counter_codes, links, services as reports
from incidents.record.models import Page
from incidents.sharing import services as shared_incidents
from people import queries as people
from roster.consents.models import Consent, ConsentLink
from roster.consents.services import LINK_PREFIX
from roster.lists import queries as list_queries, services as lists
from tests.support.doors import declared_action, routes
from tests.support.enterprise import ROOT
from tests.support.factories import make_campaign, make_demand
from tests.support.own_links import own_path
from tests.support.service_point import ServicePoint
from tests.support.statements import statements
from tests.support.tet_night import Night

OUTSIDE = {("GET", "reports.form"), ("POST", "reports.send")}
COUNTER = {("GET", "today.page"), ("POST", "today.tell"), ("POST", "today.find"), ("POST", "today.post")}
INSPECTOR = {
    ("GET", "inspector.start"),
    ("POST", "inspector.enter"),
    ("GET", "inspector.matrix"),
    ("GET", "inspector.letter"),
    ("GET", "inspector.unit"),
    ("GET", "inspector.evidence"),
    ("GET", "inspector.requirement"),
}
CALL = {("GET", "ack.show"), ("POST", "ack.act")}
RING = CALL | {("GET", "voice.script"), ("POST", "voice.press")}
SEVERAL = {("GET", "several.show"), ("POST", "several.act")}
RING_SEVERAL = {
    ("GET", "voice.script_of_several"),
    ("POST", "voice.press_for_several"),
    ("GET", "voice.script_of_one"),
    ("POST", "voice.press_for_one"),
}
OWN = {
    ("GET", "own.show"),
    ("POST", "own.act"),
    ("GET", "own.overtime_form_by_link"),
    ("GET", "own.choose_by_link"),
    ("POST", "own.ask_by_link"),
    ("GET", "own.why_by_link"),
}
PAPERS = {
    "outside": OUTSIDE,
    "counter": COUNTER,
    "old": OUTSIDE | COUNTER,
    "inspector": INSPECTOR,
}
LINKS = {
    "call": CALL,
    "ring": RING,
    "several": SEVERAL,
    "ring_several": RING_SEVERAL,
    "own": OWN,
    "consent": {("GET", "consent_links.show"), ("POST", "consent_links.act")},
    "spoken": {("GET", "spoken.script"), ("POST", "spoken.press")},
    "list": {("GET", "lists.shared")},
    "incident": {("GET", "shared_incidents.shared")},
    "unit_list": {("GET", "unit_lists.show"), ("POST", "unit_lists.act")},
    "reporter": {("GET", "reports.status"), ("POST", "reports.answer")},
}
"""Whose address goes by mail, text or chat, where programs open it before its owner does."""
OPENS = PAPERS | LINKS
WRITES = re.compile(r"\s*(insert|update|delete|replace)\b", re.IGNORECASE)
COUNTS = "throttles"
"""Who may take a shift is reckoned with much work: how often one link asks that is counted, and nothing else."""
SHUT = (401, 403, 404, 405, 410)


@pytest.mark.parametrize("bearer", OPENS)
def test_each_bearer_opens_what_is_theirs_and_nothing_else(
    app: Flask, point: ServicePoint, client: FlaskClient, bearer: str
) -> None:
    token = carried(point, bearer)
    opened = {(method, endpoint) for method, endpoint, status in knocked(app, client, token) if status not in SHUT}
    if bearer == "inspector":  # what the address names besides is a unit or a number that the link does not hold
        assert ("GET", "inspector.start") in opened and opened <= INSPECTOR
    else:
        assert opened == OPENS[bearer]


def test_what_an_inspector_sends_writes_who_looked_and_nothing_else(point: ServicePoint, client: FlaskClient) -> None:
    path = f"/i/{carried(point, 'inspector')}"
    assert client.post(path, data={"name": "Thanh tra Sở", "do": "accept", "photo": "1"}).status_code == 303
    for inside in ("matrix", "letter", "units/BDA-1"):
        assert client.get(f"{path}/{inside}").status_code == 200
        assert client.post(f"{path}/{inside}", data={"do": "accept"}).status_code == 405


@pytest.mark.both_dbs("each has statements of its own")
@pytest.mark.parametrize("bearer", [*LINKS, "inspector"])
def test_programs_that_open_links_write_nothing(point: ServicePoint, client: FlaskClient, bearer: str) -> None:
    token = carried(point, bearer)
    for path in addresses(point.app, token, OPENS[bearer]):
        for method in ("GET", "HEAD"):
            with statements() as sent:
                answer = client.open(path, method=method, headers={"Origin": "https://evil.example"})
            assert answer.status_code in (200, 302, 404), path
            kept = [each for each in sent if WRITES.match(each) and not (bearer == "own" and COUNTS in each)]
            assert kept == [], f"{method} {path}"


def addresses(app: Flask, token: str, known: set[tuple[str, str]]) -> list[str]:
    paths = [str(rule) for rule, method in routes(app) if method == "GET" and ("GET", rule.endpoint) in known]
    named = [re.sub(r"<(?:\w+:)?(?:token|link)>", token, each) for each in paths]
    return [re.sub(r"<int:\w+>", "1", each).replace("<code>", "BDA-1") for each in named]


def link_token(point: ServicePoint, bearer: str) -> str:
    """What was sent to somebody."""
    now, night = point.now, point.night
    match bearer:
        case "several":
            return bundle.token_for(night.ids["BI1"], now)
        case "ring_several":
            return bundle.call_token_for(people.person_by_id(night.ids["BI1"]), now)
        case "own":
            return own_path("BI1", now=now).rpartition("/")[2]
        case "list":
            return sharing.url(sharing.share("BDA", 3, actor=ROOT, now=now)).rpartition("/")[2]
        case "spoken":
            return spoken(night.ids["BI1"], now)
        case "consent":
            return asked(night, now)
        case "unit_list":
            return owed(night, now)
        case "reporter":
            return reported(point)
    incident = night.log(now=now)
    if bearer == "incident":
        return shared_incidents.url(shared_incidents.share(incident.code, None, actor=ROOT, now=now)).rpartition("/")[2]
    engine.escalate_due(now)
    page = database.session.scalars(select(Page).where(Page.incident_id == incident.id)).first()
    assert page is not None
    with transaction():
        page.link_digest, page.link_expires_at = tokens.digest("goi"), now + timedelta(hours=1)
        page.channel = "voice" if bearer == "ring" else page.channel
    return "goi"


def spoken(person_id: int, now: datetime) -> str:
    """Where the key pressed in a call about a shift is reported."""
    row = SpokenAsk(
        digest=tokens.digest("noi"),
        person_id=person_id,
        kind="ask",
        seen={"kind": "check", "ref": "1"},
        made_at=now,
        expires_at=now + timedelta(hours=1),
    )
    with transaction() as session:
        session.add(row)
    return "noi"


def asked(night: Night, now: datetime) -> str:
    """The link by which somebody agrees to be called by another unit."""
    consent = Consent(
        unit_id=night.ids["BDA"],
        person_id=night.ids["DU1"],
        asked_by="user:1",
        asked_by_name="An",
        asked_at=now,
        expires_at=now + timedelta(days=3),
    )
    with transaction() as session:
        session.add(consent)
        session.flush()
        digest = tokens.digest(f"{LINK_PREFIX}hoi")
        session.add(ConsentLink(digest=digest, consent_id=consent.id, person_id=night.ids["DU1"]))
    return "hoi"


def owed(night: Night, now: datetime) -> str:
    """The link by which a unit sends its list."""
    unit = people.unit_by_id(night.ids["BDA"])
    make_demand(unit)
    campaign = make_campaign(unit)
    made, _told = lists.collect(
        campaign.id, units=[unit.id], due_at=now + timedelta(days=1), message="", actor=ROOT, now=now
    )
    return list_queries.url(made.lists[0]).rpartition("/")[2]


def reported(point: ServicePoint) -> str:
    """The link by which a reporter looks at what became of it."""
    told = reports.WrittenReport(form_key="mot", category="power")
    row, _made = reports.report(told, unit_id=point.unit_id, generation=1, address="127.0.0.1", now=point.now)
    return links.link_of(row)


def carried(point: ServicePoint, bearer: str) -> str:
    """What stands in the code or the link."""
    if bearer in LINKS:
        return link_token(point, bearer)
    unit = people.unit_by_id(point.unit_id)
    if bearer == "counter":
        return counter_codes.token_of(unit, 1)
    if bearer == "inspector":
        letter = database.session.scalars(select(Directive).where(Directive.seed == "77-2020")).one()
        with transaction():
            letter.season_from, letter.season_to = date(2020, 1, 17), date(2020, 2, 8)
        letters.spread(letter.id, actor=ROOT, now=clock.now())
        return inspector.url(inspector.make(letter.id, "BDA", "Sở", 3, actor=ROOT, now=clock.now())).rpartition("/")[2]
    if bearer == "old":
        point.has_old_sheets()
    return codes.token_of(unit, 1)


def knocked(app: Flask, client: FlaskClient, token: str) -> Iterator[tuple[str, str, int]]:
    """Every public address that takes something secret, with this in its place."""
    for rule, method in routes(app):
        if declared_action(app, rule.endpoint) != "public" or not rule.arguments & {"token", "link", "key"}:
            continue
        path = re.sub(r"<(?:\w+:)?(?:token|link|key)>", token, str(rule))
        path = re.sub(r"<int:\w+>", "1", path).replace("<code>", "BDA-1").replace("<kind>", "generic")
        yield method, rule.endpoint, client.open(path, method=method).status_code
