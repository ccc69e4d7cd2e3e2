"""What rooms and packages above add to one person's own pages, signed in or by link: an ask, or something to know.

The same section stands on /me/ and on /p/me/<token>; its forms post to the page that they stand on.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
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
class OwnSection:
    """``read(person, now)``: the facts that ``template`` shows as ``facts``; what is falsy is not shown. ``verbs``: by
    the value of ``do`` of its forms, alone of all sections. ``is_ask``: it stands above the shifts. ``by_slip``: its
    verbs do not need the person's own word, and are taken from whoever has a slip; sections without verbs are shown
    there anyhow. ``opens``: read when the address asks for it (``?<opens>``), else ``facts`` are
    ``Folded``, with what is ``waiting``."""

    template: str
    read: Callable[[Person, datetime], Any]
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    is_ask: bool = False
    by_slip: bool = False
    opens: str = ""
    waiting: Callable[[Person], int] = lambda _person: 0


@dataclass(frozen=True)
class Folded:
    """Nothing of the section has been read but how much waits there for the person."""

    waiting: int
    is_folded: bool = True


_by_package: dict[str, tuple[OwnSection, ...]] = {}


def show(package: str, sections: Iterable[OwnSection]) -> None:
    """The sections of ``package``, these and no others, in this order."""
    _by_package[package] = tuple(sections)


def packages() -> Mapping[str, tuple[OwnSection, ...]]:
    """Return what each of them shows."""
    return _by_package


def verb(do: str) -> Verb | None:
    found = _with(do)
    return found.verbs[do] if found is not None else None


def takes_own_word(do: str) -> bool:
    """Whether a slip is not enough for it."""
    found = _with(do)
    return found is not None and not found.by_slip


def shown(person: Person, now: datetime, asked: Container[str] = ()) -> list[tuple[OwnSection, Any]]:
    """Return those that have something to say, with their facts; ``asked``: names in the address, by which sections
    open."""
    return [
        (each, facts)
        for each in _all()
        if (facts := each.read(person, now) if not each.opens or each.opens in asked else Folded(each.waiting(person)))
    ]


def on_slip(sections: Iterable[tuple[OwnSection, Any]]) -> tuple[list[tuple[OwnSection, Any]], bool]:
    """Return what of ``shown`` stands on the page that a slip opens, and whether an ask is left out there."""
    kept, left_out = list[tuple[OwnSection, Any]](), False
    for section, facts in sections:
        if section.by_slip or not section.verbs:
            kept.append((section, facts))
        else:
            left_out = left_out or section.is_ask
    return kept, left_out


def _with(do: str) -> OwnSection | None:
    return next((each for each in _all() if do in each.verbs), None)


def _all() -> Iterable[OwnSection]:
    return (each for sections in packages().values() for each in sections)
