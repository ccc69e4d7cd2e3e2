"""The demo as one served copy for many browser tests: who can sign in, what there is to look at, what its names are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, Response, request, request_finished
from sqlalchemy import select

from compliance.coordination.models import StateCustomer
from compliance.inspector.models import InspectorLink
from compliance.posting import law
from compliance.posting.models import PostingText
from compliance.register.models import Requirement
from compliance.reports.models import ReportRequest
from core import clock
from core.db import db
from core.observability import heartbeat
from core.observability.logs import SECRET_PATH
from desk.demo import seed
from documents.models import Document
from incidents.catalogue.models import Authority, Route, SeverityQuestion
from incidents.escalation import engine
from incidents.intake.models import Intake
from incidents.legal.law import PENALTIES, STEPS
from incidents.legal.models import LegalStep
from incidents.policies.models import PolicyVersion
from incidents.record.models import Incident, TimelineEntry
from notify.models import Message
from people.models import Absence, DutyKind, Person, Unit, User
from people.notification_rules.models import Endpoint
from roster.campaigns.models import Campaign
from roster.crews.models import Crew
from roster.models import Rehearsal, Revision
from roster.sources.models import Demand, HolidayDay, HolidaySet
from scripts.samples import whole as sample
from tests.support.at_screen import choose_language, sign_in
from tests.support.live import serving


@dataclass
class SeededSite:
    """``facts`` fill the braces of ``scripts.screens.SCREENS``; ``names`` are what people typed, in any language."""

    app: Flask
    url: str
    browser: Any
    facts: dict[str, str]
    names: list[str]
    refused: list[tuple[int, str]] = field(default_factory=list)
    """(status, address) of each request since that did not go well."""
    chrome_read: set[tuple[int, str, str]] = field(default_factory=set)
    """Width, theme and markup of each head of a page that axe has read."""
    _contexts: dict[tuple[str, str], Any] = field(default_factory=dict)
    _tabs: dict[tuple[str, str], Any] = field(default_factory=dict)

    def context(self, who: str, language: str) -> Any:
        """A browser profile in which ``who`` has signed in and chosen ``language``: made once, it takes time."""
        found = self._contexts.get((who, language))
        if found is None:
            found = self.browser.new_context(
                base_url=self.url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce"
            )
            found.set_default_timeout(60_000)
            if login := self.facts.get(who):
                sign_in(found, login, seed.PASSWORD)
            choose_language(found, language)  # said by this profile it outlasts what the account says elsewhere
            self._contexts[who, language] = found
        return found

    @contextmanager
    def tab(self, who: str, language: str) -> Iterator[Any]:
        """The one tab of that profile, which goes from page to page: a new one is a new process of the browser."""
        tab = self._tabs.pop((who, language), None)  # one in which a test failed does not come back
        if tab is None:
            tab = self.context(who, language).new_page()
        yield tab
        tab.evaluate("sessionStorage.clear()")
        # Nothing of the page goes on asking, and what the next look begins with (width, theme) lays out nothing.
        tab.goto("about:blank")
        self._tabs[who, language] = tab

    def keep_awake(self) -> None:
        """Let the pages see a worker that lives."""
        with self.app.app_context():
            heartbeat.beat("worker", now=clock.now())

    def close(self) -> None:
        for context in self._contexts.values():
            context.close()


@contextmanager
def seeded_site(app: Flask, browser: Any) -> Iterator[SeededSite]:
    """Seed the demo into ``app``'s empty database, log incidents, call somebody, and serve it."""
    with serving(app) as url:
        with app.app_context():
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(seed, "SOLVE_SECONDS", 0)  # the first engine's rosters are good enough to look at
                seed.seed(now=clock.now(), actor=sample.ACTOR, say=lambda _line: None)
            facts = {"manager": seed.MANAGER, "admin": seed.ADMIN} | sample.prepare(app)
            db.session.rollback()  # see what was made in a context of its own
            engine.escalate_due(clock.now())
            facts |= sample.called(app, facts) or {}
            names = _names()
            db.session.rollback()
        site = SeededSite(app, url, browser, facts, names)

        def listen(_app: Flask, response: Response, **_more: Any) -> None:
            if response.status_code >= 400:
                site.refused.append((response.status_code, request.url))

        try:
            with request_finished.connected_to(listen, app):
                yield site
        finally:
            site.close()


def _names() -> list[str]:
    """Every name that somebody gave to something, the longest first (one may be part of another)."""
    columns = (
        Unit.name,
        Unit.address,
        Person.full_name,
        Person.position,
        User.name,
        Campaign.name,
        Campaign.created_by,
        Demand.template,
        Incident.title,
        Incident.created_by,
        Revision.note,
        Rehearsal.started_by,
        Absence.note,
        DutyKind.letter,
        TimelineEntry.note,
        TimelineEntry.who,
        HolidayDay.name,
        HolidayDay.source,
        HolidaySet.source,
        Message.subject,
        Intake.name,
        Authority.name,
        PolicyVersion.name,
        PolicyVersion.created_by,
        Route.name,
        Route.origin,
        Route.destination,
        Endpoint.name,
        SeverityQuestion.text_vi,
        Incident.reporter,
        Crew.name,
        Document.title,
        Document.abstract,
        Requirement.text,
        ReportRequest.asked_by,
        StateCustomer.name,
        InspectorLink.made_for,
    )
    found = {name for column in columns for name in db.session.scalars(select(column)) if name}
    given = {name.split()[-1] for name in db.session.scalars(select(Person.full_name))}
    short = {template[:1] for template in db.session.scalars(select(Demand.template))}
    bodies = [SECRET_PATH.sub(r"\1…", body) for body in db.session.scalars(select(Message.body))]  # as the page shows
    letters = {line.strip() for body in bodies for line in body.splitlines()} - {""}
    tables = (STEPS, PENALTIES, law.OBLIGATION, law.PENALTIES)
    cited = {norm.basis for table in tables for norms in table.values() for norm in norms}
    acts = cited | {norm.basis for norm in (law.SOURCE, law.LESS, *law.CHECK, *law.REFUSE)}
    papers = {text.replace("\n", ", ") for text in db.session.scalars(select(Document.abstract))}
    posted = {text for values in db.session.scalars(select(PostingText.parts)) for text in _texts(values)}
    asked = {text for values in db.session.scalars(select(ReportRequest.recipients)) for text in _texts(values)}
    written = {text for values in db.session.scalars(select(LegalStep.values)) for text in _texts(values)}
    told = {str(params["whom"]) for params in db.session.scalars(select(TimelineEntry.params)) if params.get("whom")}
    answers = {each["vi"] for offered in db.session.scalars(select(SeverityQuestion.answers)) for each in offered}
    everything = found | given | short | letters | acts | written | told | answers | papers | posted | asked
    return sorted(everything, key=len, reverse=True)


def _texts(value: Any) -> list[str]:
    """Every text in what a legal step kept."""
    if isinstance(value, dict):
        return _texts(list(value.values()))
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) and value else []
