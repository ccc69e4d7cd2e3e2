"""Kinds of documents: rooms above say what each one tells; this package makes, numbers and keeps it.

A document is *about* something, named by a reference such as ``campaign:3`` or ``incident:SC-20270205-001``. A kind
belongs to one sort of thing, which is the word before the colon.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from core.actor import Actor
from core.errors import Invalid, NotFound
from documents.paper import Appendix, Block, Form, Sheet
from people.access import guard


@dataclass(frozen=True)
class OptionChoice:
    code: str
    name: str

    @property
    def pair(self) -> tuple[str, str]:
        """Return them as lists of choices on pages want it."""
        return self.code, self.name


@dataclass(frozen=True)
class DocumentOption:
    """What has to be chosen before it can be made; the first choice is the usual one. ``each``: "one for every choice,
    in one ZIP" makes sense."""

    code: str
    name: str
    choices: tuple[OptionChoice, ...]
    each: bool = False


@dataclass(frozen=True)
class DocumentOptions:
    """What somebody wants: ``options`` has a choice for each option of the kind. ``now`` is aware."""

    about: str
    options: Mapping[str, str]
    actor: Actor
    now: datetime
    language: str = "vi"

    @property
    def key(self) -> str:
        """What the thing is called, without its sort."""
        return self.about.partition(":")[2]


@dataclass(frozen=True)
class Content:
    """What a document tells. Who issues it, its number, date and signature are added by whoever issues.

    ``kind``: its kind in words ("Thông báo"); ``symbol``: as in its number ("TB"), empty for letters and for what has
    none. ``unit_id``: whose document it is. ``needs``: rights in that unit, beside those that the kind asks, without
    which nobody reads it (``person.contact``: it has telephone numbers). ``signed``: by somebody of the agency, who is
    offered first; a record whose parties sign it among its blocks is not, nor is it sent to anybody, unless it is said.
    """

    kind: str
    abstract: str
    unit_id: int
    symbol: str = ""
    form: Form = "named"
    blocks: tuple[Block, ...] = ()
    appendices: tuple[Appendix, ...] = ()
    addressed_to: tuple[str, ...] = ()
    landscape: bool = False
    needs: tuple[str, ...] = ()
    signed: bool = True
    sheet: Sheet = "a4"
    scale: float = 1.0


Compose = Callable[[DocumentOptions], Content]
"""Runs in the language of the document. Raises ``NotFound`` when the thing is gone, ``Conflict`` when there is nothing
to tell yet, ``Forbidden`` when whoever asks may not see it."""
Options = Callable[[str, Actor, datetime], Sequence[DocumentOption]]
Owner = Callable[[str, Actor, datetime], tuple[str, int]]
"""(what the thing is called, id of its unit); raises ``NotFound`` or ``Forbidden`` for those who may not see it."""
Visible = Callable[[Iterable[str], Actor, datetime], set[str]]
"""Those of the references that the actor may see; what is gone is not among them."""


@dataclass(frozen=True)
class DocumentKind:
    """``draft``: the right, in the thing's unit, to make and print it; issuing asks ``document.issue`` besides.

    ``numbered``: issued, it takes the next number of its agency. ``fit``: whether it can be made of this thing now;
    else it is not offered. ``languages``: in which it can be written.
    """

    code: str
    name: Any
    tells: Any
    """In a sentence, for whoever chooses among kinds."""
    compose: Compose
    draft: str
    options: Options = lambda about, actor, now: ()
    numbered: bool = True
    languages: tuple[str, ...] = ("vi",)
    fit: Callable[[str, datetime], bool] = lambda about, now: True


@dataclass(frozen=True)
class SubjectSort:
    """A sort of thing that documents are about, and the kinds that are made of it."""

    word: str
    owner: Owner
    visible: Visible
    address: Callable[[str], str]
    """Of the page of the thing, by its reference."""
    kinds: tuple[DocumentKind, ...] = field(default=())
    exercise: Callable[[str], bool] = lambda about: False
    """Whether it is of an exercise: its documents take no number, and each page of them says so."""


_sorts: dict[str, SubjectSort] = {}


def register(sorts: Iterable[SubjectSort]) -> None:
    """Doing it again replaces what was there under the same word."""
    _sorts.update({each.word: each for each in sorts})


def add_kinds(word: str, kinds: Iterable[DocumentKind]) -> None:
    """Add kinds to a sort that a package below registered, after its own."""
    sort = _sorts[word]
    _sorts[word] = replace(sort, kinds=(*sort.kinds, *kinds))


def sort_of(about: str) -> SubjectSort:
    """Raises ``NotFound("documents.about_unknown")``."""
    sort = _sorts.get(about.partition(":")[0])
    if sort is None or ":" not in about:
        raise NotFound("documents.about_unknown", field="about")
    return sort


def one(about: str, code: str) -> DocumentKind:
    """Raises ``NotFound("documents.kind_unknown")``."""
    found = next((kind for kind in sort_of(about).kinds if kind.code == code), None)
    if found is None:
        raise NotFound("documents.kind_unknown", field="kind")
    return found


def by_code() -> dict[str, DocumentKind]:
    return {kind.code: kind for sort in _sorts.values() for kind in sort.kinds}


def visible(abouts: Iterable[str], actor: Actor, now: datetime) -> set[str]:
    """Return those of the references that the actor may see."""
    grouped: dict[str, list[str]] = {}
    for about in set(abouts):
        grouped.setdefault(about.partition(":")[0], []).append(about)
    return {
        about for word, group in grouped.items() if word in _sorts for about in _sorts[word].visible(group, actor, now)
    }


def chosen(kind: DocumentKind, asked: Mapping[str, str], about: str, actor: Actor, *, now: datetime) -> dict[str, str]:
    """A choice for each option: the one asked for, else the usual one. Raises ``Invalid`` at the option's code."""
    found: dict[str, str] = {}
    for option in kind.options(about, actor, now):
        codes = [choice.code for choice in option.choices]
        wanted = asked.get(option.code) or (codes[0] if codes else "")
        if wanted not in codes:
            raise Invalid("documents.choice_unknown", field=option.code, option=str(option.name))
        found[option.code] = wanted
    return found


def offered(about: str, unit_id: int, actor: Actor, now: datetime) -> list[DocumentKind]:
    """Kinds that the actor may make of the thing of that unit, as it is now."""
    return [
        kind
        for kind in sort_of(about).kinds
        if guard.allowed(actor, kind.draft, unit_id, now=now) and kind.fit(about, now)
    ]
