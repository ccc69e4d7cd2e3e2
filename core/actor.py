"""Who is acting: handed to every service, written to the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Role = Literal["admin", "manager", "staff", "viewer"]
Via = Literal["session", "desk", "api_key", "link", "slip", "report", "cli", "system"]
Way = Literal["", "link", "shared_link", "given_link"]
"""``desk``: a person who showed their PIN at a shared desk computer; ``people.access.permissions.at_desk`` bounds it.
``link``: by an address that was sent to the person; ``slip``: by one that somebody else printed or copied, and so had
in hand before them.
"""


@dataclass(frozen=True)
class Actor:
    """``unit_id`` is the top of the subtree the role holds for; ``None`` means the whole enterprise.

    ``person_id`` is the person behind the account or key, when there is one. ``name`` is shown in timelines.
    ``slip_by``, ``slip_ref``: of who came by a slip, the name and the reference of whoever printed it;
    ``slip_given``: nothing was printed, they gave the address that it was sent to.
    """

    name: str
    role: Role
    via: Via
    user_id: int | None = None
    key_id: int | None = None
    person_id: int | None = None
    unit_id: int | None = None
    slip_by: str = ""
    slip_ref: str = ""
    slip_given: bool = False
    is_unknown: bool = False
    """By a sheet at which nobody is asked who they are: where they came from is kept nowhere."""
    way: Way = ""
    """Of what is answered on the page of a call: by its link, which whoever has it may press; ``shared_link``: it went
    to an address that several people read; ``given_link``: to one that a manager gave. Keys, texts and ringing back are
    said in the note."""
    scopes: frozenset[str] | None = None
    """What the key is for (``people.access.scopes``); ``None``: all that the role may."""

    @property
    def is_machine(self) -> bool:
        """Nobody in particular: the worker, a monitoring tool, a script with a key of its own."""
        return self.via == "system" or (self.via == "api_key" and self.person_id is None)

    @property
    def ref(self) -> str:
        """A stable reference for the audit and for idempotency: ``user:3``, ``key:7``, ``system:worker``."""
        if self.user_id is not None:
            return f"user:{self.user_id}"
        if self.key_id is not None:
            return f"key:{self.key_id}"
        if self.via in ("link", "slip") and self.person_id is not None:
            return f"person:{self.person_id}"
        return f"{self.via}:{self.name}"


@dataclass(frozen=True)
class Identified:
    """Who is behind a key, when that was asked, and the stamp of what is standing (``core.fast_path.shared_cache``)
    then.

    ``beside``: what else was asked for with it (``shared_cache.read_beside``)."""

    actor: Actor
    at: datetime
    stamp: str | None
    beside: tuple[Any, ...] = ()


SYSTEM = Actor(name="worker", role="admin", via="system")
