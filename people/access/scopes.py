"""PURE What a key is for: which calls of the API it opens, within what its role may do.

``read`` opens every call that only asks. Each other word opens the calls of one part of the product, asking and acting.
A call belongs to the part of its action; one that declares none says it itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

READ = "read"
SCOPES = (READ, "incidents", "roster", "people")

_PARTS = {
    "incidents": (
        "incident policy catalogue directory handover intake maintenance report outbox document directive requirement "
        "inspector point plan reporting coordination visit notice"
    ),
    "roster": (
        "campaign roster wish request duty hours feed list onduty check rehearsal holiday points dutykind approval"
    ),
    "people": "unit person reach import absence account",
}
_PART_OF = {family: part for part, families in _PARTS.items() for family in families.split()}


def part_of(action: str | None) -> str | None:
    """The part of the product that an action is about; ``None``: of the installation itself, which no scope opens but
    to be read."""
    return _PART_OF.get(action.partition(".")[0]) if action else None


def opens(scopes: Collection[str] | None, needed: Iterable[str | None], *, reads: bool) -> bool:
    """Whether a key for ``scopes`` may make a call that ``needed`` these parts; ``reads``: it only asks."""
    if scopes is None or (reads and READ in scopes):
        return True
    return all(part in scopes for part in needed)


def written(scopes: Iterable[str]) -> str:
    """Return it as the row keeps them: each once, in the one order."""
    given = set(scopes)
    return " ".join(scope for scope in SCOPES if scope in given)


def parsed(text: str | None) -> frozenset[str] | None:
    """Return what ``written`` wrote; ``None`` for keys older than scopes."""
    return None if text is None else frozenset(text.split())
