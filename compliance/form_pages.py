"""What every page with a form needs: the units one may choose, and what is wrong with which field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from core import clock
from core.actor import Actor
from core.db import db
from core.errors import DomainError, Invalid, NotFound, by_field
from core.web import back
from incidents.default_unit import default_unit_code
from people.access import guard
from people.form_values import indented, units_within


def units_for(action: str) -> list[tuple[str, str]]:
    """Return those in which the reader may do it, indented by depth."""
    return indented(units_within(guard.current_actor(), action, clock.now()))


def faults_of(fault: DomainError | None) -> dict[str, str]:
    """Return them by field; of no field under ''."""
    if fault is None:
        return {}
    return by_field(fault) or {"": fault.message()}


@dataclass(frozen=True)
class EntryList:
    """A list of entries with a form for a new one on the same page, declared.

    ``reads``, ``writes``: the rights to see it and to ``add`` what was typed; ``facts``: what the page shows of the
    units in which one may read, besides what every form needs. ``usual``: what the form holds before anybody has typed,
    besides one's unit. ``entry``: address of the page of a new entry, which then says ``added``.
    """

    template: str
    reads: str
    writes: str
    facts: Callable[[set[int] | None, datetime], dict[str, Any]]
    usual: Callable[[datetime], dict[str, Any]]
    add: Callable[[Actor, datetime], Any]
    entry: Callable[[Any], str]
    added: object

    def add_to(self, bp: Blueprint, at: str, shows: str, adds: str) -> None:
        """Let the blueprint answer at this address: ``shows``, ``adds``: its endpoints."""
        bp.add_url_rule(at, shows, guard.requires(self.reads)(self.show))
        bp.add_url_rule(at, adds, guard.requires(self.writes)(self.store), methods=["POST"])

    def show(self) -> ResponseReturnValue:
        return self._page(None)

    def store(self) -> ResponseReturnValue:
        """Add the entry and go to its page, or show the list again with what was typed and what is wrong."""
        try:
            row = self.add(guard.current_actor(), clock.now())
        except (Invalid, NotFound) as fault:
            db.session.rollback()
            return self._page(fault), fault.http_status
        return back(self.entry(row), str(self.added))

    def _page(self, fault: DomainError | None) -> str:
        now, actor = clock.now(), guard.current_actor()
        return render_template(
            self.template,
            units=units_for(self.writes),
            typed=request.form or {"unit": default_unit_code(actor) or "", **self.usual(now)},
            faults=faults_of(fault),
            **self.facts(guard.reach(actor, self.reads, now=now), now),
        )
