"""PURE which person a row of a sheet means: by code, by name as written, or without marks; never by a guess."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.text import nfc, normalize_phone
from roster.sheets.layout import PersonRow, bare_name

How = Literal["code", "exact", "blind", "phone", "chosen", "several", "unknown", "clash", "skipped"]
SKIP = "-"
"""Chosen for a row that is nobody's."""
NEAR = 5
MOST_LOOKED_FOR = 50
"""Names like which others are looked for: among a thousand people each takes a hundredth of a second, and the sheet of
another enterprise has thousands of names that nobody bears."""
SURE = frozenset(("code", "exact", "blind", "phone", "chosen"))


@dataclass(frozen=True)
class NamedPerson:
    """Somebody who can be meant."""

    id: int
    code: str
    name: str
    phone: str = ""


@dataclass(frozen=True)
class Match:
    """``person``: who is meant; ``offered``: who could be, where that is not sure."""

    line: PersonRow
    how: How
    person: NamedPerson | None = None
    offered: tuple[NamedPerson, ...] = ()


class PeopleByName:
    """The people that rows can mean, by what may be written of them."""

    def __init__(self, known: Iterable[NamedPerson]) -> None:
        self.by_code: dict[str, NamedPerson] = {}
        self.by_name: defaultdict[str, list[NamedPerson]] = defaultdict(list)
        self._by_blind: defaultdict[str, list[NamedPerson]] = defaultdict(list)
        self._near_by: dict[str, tuple[NamedPerson, ...]] = {}
        for each in known:
            self.by_code[each.code.lower()] = each
            self.by_name[_written(each.name)].append(each)
            self._by_blind[bare_name(each.name)].append(each)

    @property
    def blind(self) -> Mapping[str, Sequence[NamedPerson]]:
        return self._by_blind

    def match(self, line: PersonRow, chosen: str | None = None) -> Match:
        """``chosen``: the code of a person, or ``SKIP``, as somebody said of this row."""
        if chosen == SKIP:
            return Match(line, "skipped", offered=self._near(line))
        if chosen and chosen.lower() in self.by_code:
            return Match(line, "chosen", self.by_code[chosen.lower()], self._near(line))
        if line.code and (person := self.by_code.get(line.code.lower())) is not None:
            if line.name and bare_name(line.name) != bare_name(person.name):
                return Match(line, "clash", offered=(person, *self._near(line)))
            return Match(line, "code", person)
        return self._by_words(line)

    def _by_words(self, line: PersonRow) -> Match:
        exact = self.by_name.get(_written(line.name), [])
        if len(exact) == 1:
            return Match(line, "exact", exact[0])
        alike = exact or self._by_blind.get(bare_name(line.name), [])
        if len(alike) == 1:
            return Match(line, "blind", alike[0], tuple(alike))
        with_phone = [each for each in alike if each.phone and each.phone == _digits(line.phone)]
        if len(with_phone) == 1:
            return Match(line, "phone", with_phone[0], tuple(alike))
        if alike:
            return Match(line, "several", offered=tuple(alike))
        return Match(line, "unknown", offered=self._near(line))

    def _near(self, line: PersonRow) -> tuple[NamedPerson, ...]:
        """Return names like those of rows that say something: titles and legends are nobody's."""
        blind = bare_name(line.name) if line.says else ""
        if blind and blind not in self._near_by and len(self._near_by) < MOST_LOOKED_FOR:
            names = difflib.get_close_matches(blind, list(self._by_blind), n=NEAR, cutoff=0.6)
            self._near_by[blind] = tuple(each for name in names for each in self._by_blind[name])
        return self._near_by.get(blind, ())


def _written(name: str) -> str:
    return " ".join(nfc(name).lower().split())


def _digits(phone: str) -> str:
    try:
        return normalize_phone(phone)
    except ValueError:
        return ""
