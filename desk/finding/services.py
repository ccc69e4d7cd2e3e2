"""The answer to a few letters: the likeliest unit opened, with who is on duty there now; the others a line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _, ngettext

from core import clock, text
from core.actor import Actor
from core.errors import Unavailable
from core.i18n import t
from desk import home
from desk.finding import matching, queries, words
from desk.finding.matching import EntryMatch
from desk.finding.queries import SearchNames, UnitSeen
from duty.on_duty import who_serves
from people import queries as people, reference
from people.absences import spans
from people.access import guard
from people.models import Person
from roster.coverage.words import away_words
from roster.resolver import serving
from roster.resolver.numbers import OPERATIONS

UNITS, PEOPLE = 12, 8
"""How many of each are shown; whoever meant another types on."""


@dataclass(frozen=True)
class SearchHit:
    """A name in pieces, [(text, whether it was meant)], what is said of it, and what it is rung by."""

    pieces: list[tuple[str, bool]]
    name: str
    said: str
    code: str = ""
    phone: str = ""

    @property
    def zalo(self) -> str:
        return text.zalo(self.phone)


@dataclass(frozen=True)
class UnitOnDuty:
    """One unit with who is on duty there: ``rows`` as ``_row`` makes them, ``landlines``: [(whose, number)]."""

    head: SearchHit
    rows: list[dict[str, Any]]
    landlines: list[tuple[str, str]]


@dataclass(frozen=True)
class SearchResults:
    opened: UnitOnDuty | None
    units: list[SearchHit]
    people: list[SearchHit]
    more: int
    """How many more were meant than are shown."""
    status: str


def answer(asked: str, *, actor: Actor, now: datetime) -> SearchResults:
    """``asked`` as typed. Numbers as far as the reader may see them: of those on duty, and of the directory."""
    known = queries.known(clock.local_date(now))
    hits = matching.find(known.entries, asked)
    units = [hit for hit in hits if not hit.entry.is_person]
    persons = [hit for hit in hits if hit.entry.is_person]
    is_unit_first = bool(units) and (not persons or units[0].rank <= persons[0].rank)
    opened = _opened(units[0], known, actor, now) if is_unit_first else None
    rest = units[1 : UNITS + 1] if opened else units[:UNITS]
    shown_people = _people(persons[:PEOPLE], known, actor, now)
    hidden = len(hits) - len(rest) - len(shown_people) - (opened is not None)
    lines = [_unit_line(hit, known) for hit in rest]
    return SearchResults(opened, lines, shown_people, hidden, _status(asked, len(units), len(persons)))


def _status(asked: str, units: int, persons: int) -> str:
    if matching.is_short(asked):
        return _("Gõ ít nhất hai chữ") if asked.strip() else ""
    if not units and not persons:
        return _("Không có đơn vị hay người nào khớp")
    found = (
        ngettext("%(num)s đơn vị", "%(num)s đơn vị", units) if units else "",
        ngettext("%(num)s người", "%(num)s người", persons) if persons else "",
    )
    return ", ".join(each for each in found if each)


def _pieces(hit: EntryMatch) -> list[tuple[str, bool]]:
    name, at, pieces = hit.entry.name, 0, []
    for start, end in hit.marks:
        pieces += [(name[at:start], False), (name[start:end], True)]
        at = end
    return [piece for piece in (*pieces, (name[at:], False)) if piece[0]]


def _unit_line(hit: EntryMatch, known: SearchNames) -> SearchHit:
    seen = known.units[hit.entry.key]
    above = known.units.get(seen.parent_id or 0)
    said = f"{seen.code} · {above.name}" if above else seen.code
    return SearchHit(_pieces(hit), seen.name, said, seen.code, seen.phone)


def _opened(hit: EntryMatch, known: SearchNames, actor: Actor, now: datetime) -> UnitOnDuty:
    seen = known.units[hit.entry.key]
    try:
        answers = who_serves.at(reference.unit_by_id(seen.id), now).answers
    except Unavailable:  # an enterprise with nobody in it: its landline can be rung all the same
        answers = ()
    phones = guard.allowed(actor, "person.contact", seen.id, now=now) is not False
    cards = home.cards(answers, now, with_phones=phones)
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    in_turn = sorted(zip(cards, answers, strict=True), key=lambda each: words.turn(each[1][0].code))
    for card, (kind, said) in in_turn:
        for person, shown in zip(said.people, card["people"], strict=False):
            key = person.person_id, shown["until"]
            row = rows.setdefault(key, _row(card, shown, is_reader=person.person_id == actor.person_id))
            row["roles"].append(words.short(kind))
    names = {each.id: each.name for each in known.units.values()}
    sentence = words.by_rule(seen.id, answers, names) if answers else ""
    head = SearchHit(_pieces(hit), seen.name, sentence, seen.code)
    return UnitOnDuty(head, list(rows.values()), _landlines(cards, seen))


def _row(card: dict[str, Any], shown: dict[str, Any], *, is_reader: bool) -> dict[str, Any]:
    return {**shown, "kind": card["kind"], "letter": card["letter"], "roles": [], "is_reader": is_reader}


def _landlines(cards: Sequence[dict[str, Any]], seen: UnitSeen) -> list[tuple[str, str]]:
    """The unit's own telephone, and that of the desk that runs things for it; each number once."""
    own = [(_("Máy bàn đơn vị"), text.format_phone(seen.phone))] if text.dialled(seen.phone) else []
    desks = [
        (_("Máy bàn trực"), card["desk_phone"]) for card in cards if card["kind"] == OPERATIONS and card["is_desk"]
    ]
    return list({text.dialled(phone): (what, phone) for what, phone in reversed((*own, *desks))}.values())[::-1]


def _people(hits: Sequence[EntryMatch], known: SearchNames, actor: Actor, now: datetime) -> list[SearchHit]:
    """Return what they are, whether they serve now or are recorded absent in their shift, and their number."""
    ids = [hit.entry.key for hit in hits]
    if not ids:
        return []
    found, roles = people.people_by_ids(ids), serving.serving_by_person(ids, now)
    listed, aways = guard.whose_contacts(actor, found.values(), now=now), spans.during(roles, now, now)
    kinds = {kind.code: words.short(kind) for kind in reference.duty_kinds()}

    def line(hit: EntryMatch) -> SearchHit:
        person = found[hit.entry.key]
        serves = roles.get(person.id, [])
        duties = [
            _("đang trực %(duty)s đến %(time)s", duty=kinds.get(duty, duty), time=t(until))
            for duty, _unit_id, until in serves
        ]
        duties += [away_words(each.starts_at, each.ends_at, now) for each in aways.get(person.id, ())]
        unit = known.units.get(known.home[person.id])
        said = [person.position, unit.name if unit else "", *(duties or [_("không trực lúc này")])]
        phone = person.phone if person.id in listed or _on_duty_and_shown(actor, person, bool(serves), now) else ""
        is_reader = person.id == actor.person_id
        number = text.format_phone(phone) if phone and not is_reader else ""
        return SearchHit(_pieces(hit), person.full_name, " · ".join(filter(None, said)), person.code, number)

    return [line(hit) for hit in hits if hit.entry.key in found]


def _on_duty_and_shown(actor: Actor, person: Person, serves: bool, now: datetime) -> bool:
    return serves and guard.allowed(actor, "person.contact", person.unit_id, now=now, person_id=person.id) is not False
