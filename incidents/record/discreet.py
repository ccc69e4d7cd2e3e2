"""Words of an incident that concerns Party, State or KT1, or that few may see: refused, or kept without some of them.

Whoever can mend them is told which. What machines, one-tap pages and sheets at the counter send cannot be asked back
and must never be lost: it is kept, and what does not belong there is withheld (``secrecy.MASK``). Names of colleagues
stand: they are neither the sender nor the receiver.
"""

from __future__ import annotations

from typing import Literal

from core.actor import Actor
from core.errors import Invalid
from incidents.record import secrecy
from incidents.record.models import Incident
from people import queries as people

About = Literal["", "state", "strict"]
"""Anything · Party or State: names are asked about · KT1 or restricted: names are refused."""


def about(incident: Incident) -> About:
    if incident.category == "kt1" or incident.restricted:
        return "strict"
    return "state" if incident.party_state else ""


def concerns(incident: Incident) -> bool:
    """Whether what came with it is not kept beside it: it may say more than the incident does."""
    return about(incident) != "" or secrecy.speaks_of_state(f"{incident.title} {incident.description}")


def words(incident: Incident, text: str, who: Actor | str, field: str) -> str:
    """``text`` without marks of secrecy. Raises ``Invalid`` ``incident.secret``."""
    if not about(incident) and not secrecy.speaks_of_state(text):
        return text
    marks = secrecy.found(text)
    if marks is None:
        return text
    if _can_mend(who):
        raise Invalid("incident.secret", field=field, words=marks)
    return secrecy.without(text)


def told(incident: Incident, text: str, who: Actor | str, field: str) -> str:
    """``words``, and without strangers' names where nobody's is needed (KT1, restricted), or where a machine names them
    and an item of Party and State. Raises ``Invalid`` ``incident.secret``, ``incident.name``."""
    text, can_mend = words(incident, text, who, field), _can_mend(who)
    kind = about(incident) or ("state" if not can_mend and secrecy.speaks_of_state(text) else "")
    by_machine = isinstance(who, str) or who.is_machine
    if kind != "strict" and not (kind == "state" and by_machine):
        return text
    names = strangers(text)
    if names and can_mend:
        raise Invalid("incident.name", field=field, name=names[0])
    return secrecy.without(text, names)


def tightened(incident: Incident, text: str) -> str:
    """Return what was written before it turned out what it is about: there is no form by which to mend it."""
    kept = words(incident, text, "", "")
    return secrecy.without(kept, strangers(kept)) if about(incident) == "strict" else kept


def strangers(text: str) -> list[str]:
    """Return what looks like the name of somebody who is not one of us."""
    found = list(dict.fromkeys(secrecy.names_in(text)))
    ours = people.named(found) if found else set()
    return [name for name in found if " ".join(name.split()).casefold() not in ours]


def _can_mend(who: Actor | str) -> bool:
    return not isinstance(who, str) and who.via in ("session", "desk", "api_key") and not who.is_machine
