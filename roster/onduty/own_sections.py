"""What rooms and packages above add to one person's own pages, signed in or by link: an ask, or something to know.

The same section stands on /me/ and on /p/me/<token>; its forms post to the page that they stand on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from core.actor import Actor
from people.models import Person

Form = MultiDict[str, str]
Verb = Callable[[Person, Actor, Form, datetime], None]
"""One button: writes, or raises a DomainError whose words are shown on the page again."""


@dataclass(frozen=True)
class Section:
    """``read(person, now)``: the facts that ``template`` shows as ``facts``; what is falsy is not shown. ``verbs``: by
    the value of ``do`` of its forms, alone of all sections. ``is_ask``: it stands above the shifts."""

    template: str
    read: Callable[[Person, datetime], Any]
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    is_ask: bool = False


_by_package: dict[str, tuple[Section, ...]] = {}


def show(package: str, sections: Iterable[Section]) -> None:
    """The sections of ``package``, these and no others, in this order."""
    _by_package[package] = tuple(sections)


def verb(do: str) -> Verb | None:
    return next((each.verbs[do] for each in _all() if do in each.verbs), None)


def shown(person: Person, now: datetime) -> list[tuple[Section, Any]]:
    """Those that have something to say, with their facts."""
    return [(each, facts) for each in _all() if (facts := each.read(person, now))]


def _all() -> Iterable[Section]:
    return (each for sections in _by_package.values() for each in sections)
