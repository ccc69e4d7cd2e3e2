"""A list with a form on the same page, declared in a few lines: what it shows, what saves it, what is said then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.errors import DomainError, Forbidden, by_field
from core.web import back
from people.access import guard

Typed = dict[str, str]


def faults_of(error: DomainError, otherwise: str = "") -> dict[str, str]:
    """Input → what is wrong with it."""
    if isinstance(error, Forbidden):
        raise error
    return by_field(error) or {otherwise: error.message()}


@dataclass(frozen=True)
class ListForm:
    """``name``: of the page, its endpoint, address and template; ``saves``: endpoint of its form.

    Whoever may report reads it; ``action`` is the right to ``save`` (what was typed, ``actor``, ``now``).
    ``otherwise``: the input at which a fault stands that belongs to none; ``shown``: what the form holds before anybody
    has typed.
    """

    name: str
    saves: str
    action: str
    facts: Callable[[], dict[str, Any]]
    save: Callable[..., object]
    saved: object
    otherwise: str = ""
    shown: Callable[[], Typed] = dict

    def add_to(self, bp: Blueprint) -> None:
        """Let the blueprint answer at the page's address."""
        show, store = guard.requires("incident.log")(self.show), guard.requires(self.action)(self.store)
        bp.add_url_rule(f"/{self.name}", self.name, show)
        bp.add_url_rule(f"/{self.name}", self.saves, store, methods=["POST"])

    def show(self) -> ResponseReturnValue:
        return self._page(self.shown(), {})

    def store(self) -> ResponseReturnValue:
        """Save and go back to the list, or show it again with what was typed and what is wrong."""
        typed = request.form.to_dict()
        try:
            self.save(typed, actor=guard.current_actor(), now=clock.now())
        except DomainError as error:
            return self._page(typed, faults_of(error, self.otherwise)), error.http_status
        return back(url_for(f".{self.name}"), str(self.saved))

    def _page(self, typed: Typed, faults: dict[str, str]) -> str:
        return render_template(f"incidents/catalogue/{self.name}.html", typed=typed, faults=faults, **self.facts())
