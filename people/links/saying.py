"""Who said something, and how: kept with every word of a person that others rely on (``models.SaidBy``)."""

from __future__ import annotations

from core.actor import Actor
from people.links.models import SaidBy

LONGEST_NOTE = 500
"""Characters of what may be said besides."""
_VIA = {"session": "page", "desk": "page", "link": "link", "slip": "link", "api_key": "api", "cli": "api"}


def via_of(actor: Actor) -> str:
    """How somebody says a thing for themselves: one of ``models.VIAS``."""
    return _VIA.get(actor.via, "page")


def slip_by(actor: Actor) -> str | None:
    """Whose slip an answer says that it came by (``SaidBy.slip_by``)."""
    return actor.slip_by if actor.via == "slip" else None


def said_by(actor: Actor, person_id: int) -> dict[str, str | bool | None]:
    """The columns of ``SaidBy`` of a word of this person: their own, or noted for them by whom they told it."""
    own = actor.person_id == person_id
    return {
        "via": via_of(actor) if own else "phone",
        "by_ref": actor.slip_ref if own else actor.ref,
        "slip_by": slip_by(actor),
        "slip_given": actor.slip_given,
    }


def put(row: SaidBy, actor: Actor, person_id: int) -> None:
    """Write ``said_by`` into a row."""
    for column, value in said_by(actor, person_id).items():
        setattr(row, column, value)
