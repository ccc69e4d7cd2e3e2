"""Who is asking, and may they? Views, templates and services ask here; the answers come from
``people.access.permissions``.

Rights also follow duty: packages above register *grant sources*, which say what a person may do besides, at this
minute and in which subtree, because of a shift. Every use of such a right is audited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, g, has_request_context, request
from flask_login import current_user
from werkzeug.exceptions import Unauthorized

from core import audit, clock
from core.actor import Actor, Role
from core.db import transaction
from core.errors import Forbidden
from people import queries
from people.access import permissions
from people.models import Person, User

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Grant:
    """``actions`` in ``unit_id`` and everything below it; ``why`` is a short code (``duty.leadership``)."""

    actions: frozenset[str]
    unit_id: int
    why: str


@dataclass(frozen=True)
class Lapsed:
    """A grant that held until a short while ago."""

    grant: Grant
    ended_at: datetime


GrantSource = Callable[[int, datetime], list[Grant]]
LapsedSource = Callable[[int, datetime], list[Lapsed]]
_sources: list[GrantSource] = []
_lapsed_sources: list[LapsedSource] = []


def add_grant_source(source: GrantSource, lapsed: LapsedSource | None = None) -> None:
    """``source(person_id, now)`` lists what that person may do besides; registering twice does no harm.

    ``lapsed`` lists what they might do until just now: somebody who opened a form on duty and sends it afterwards is
    told so.
    """
    if source not in _sources:
        _sources.append(source)
    if lapsed is not None and lapsed not in _lapsed_sources:
        _lapsed_sources.append(lapsed)


def actor_of(user: User) -> Actor:
    """An admin's reach is the whole enterprise whatever unit the account names."""
    unit_id = None if user.role == "admin" else user.unit_id
    return Actor(
        name=user.name,
        role=cast(Role, user.role),
        via="session",
        user_id=user.id,
        person_id=user.person_id,
        unit_id=unit_id,
    )


def current_actor() -> Actor:
    """The signed-in account (or API key) of this request; raises 401 when there is none."""
    known: Actor | None = g.get("actor")
    if known is not None:
        return known
    if not current_user.is_authenticated:
        raise Unauthorized
    actor = g.actor = actor_of(current_user)
    return actor


def relation(actor: Actor, unit_id: int | None, person_id: int | None = None) -> permissions.Relation:
    """How something of ``unit_id`` (``None`` = of the whole enterprise) or of ``person_id`` stands to the actor."""
    if person_id is not None and person_id == actor.person_id:
        return "self"
    return "own" if _within(unit_id, actor.unit_id) else "other"


def _within(unit_id: int | None, top_id: int | None) -> bool:
    if top_id is None:
        return True
    if unit_id is None:  # the whole enterprise is what its only root holds
        return [root.id for root in queries.root_units()] == [top_id]
    return unit_id == top_id or _is_below(unit_id, top_id)


def _is_below(unit_id: int, top_id: int) -> bool:
    """A page asks about each unit that it lists: from the second on they are all known, as long as nobody writes."""
    if not has_request_context() or request.method != "GET":
        return queries.is_within(unit_id, top_id)
    known: dict[int, set[int]] = g.setdefault("units_below", {})
    if top_id not in known:
        known[top_id] = set()
        return queries.is_within(unit_id, top_id)
    known[top_id] = known[top_id] or set(queries.subtree_ids(top_id))
    return unit_id in known[top_id]


def allowed(
    actor: Actor, action: str, unit_id: int | None, *, now: datetime, person_id: int | None = None
) -> Grant | bool:
    """False, True by role, or the grant by which it is allowed."""
    if _barred(actor, action):
        return False
    if permissions.may(actor.role, action, "other"):  # everywhere: where it is need not be looked up
        return True
    if permissions.may(actor.role, action, relation(actor, unit_id, person_id)):
        return True
    return next((grant for grant in _grants(actor, action, now) if _within(unit_id, grant.unit_id)), False)


def lent(actor: Actor, action: str, unit_id: int | None, *, now: datetime) -> Grant | None:
    """The grant by which a shift allows it, whatever the role allows."""
    if _barred(actor, action):
        return None
    return next((grant for grant in _grants(actor, action, now) if _within(unit_id, grant.unit_id)), None)


def reach(actor: Actor, action: str, *, now: datetime) -> set[int] | None:
    """Ids of the units in which the actor may do it; ``None`` = everywhere. For lists and choices."""
    found = tops(actor, action, now=now)
    return found if found is None else {each for top in found for each in queries.subtree_ids(top)}


def tops(actor: Actor, action: str, *, now: datetime) -> list[int] | None:
    """``reach`` as the units that have all of it in or below them."""
    if _barred(actor, action):
        return []
    own = permissions.may(actor.role, action, "own")
    if permissions.may(actor.role, action, "other") or (own and actor.unit_id is None):
        return None
    lent = [grant.unit_id for grant in _grants(actor, action, now)]
    return [actor.unit_id, *lent] if own and actor.unit_id is not None else lent


def whose_contacts(actor: Actor, people: Iterable[Person], *, now: datetime) -> set[int]:
    """Ids of those among ``people`` whose phone and mail the actor may see in the directory; asks once per unit."""
    units: dict[int, bool] = {}
    seen: set[int] = set()
    if _barred(actor, "person.directory"):
        return seen
    for person in people:
        if person.id == actor.person_id and permissions.may(actor.role, "person.directory", "self"):
            seen.add(person.id)
            continue
        if person.unit_id not in units:
            units[person.unit_id] = bool(allowed(actor, "person.directory", person.unit_id, now=now))
        if units[person.unit_id]:
            seen.add(person.id)
    return seen


def _barred(actor: Actor, action: str) -> bool:
    """It is not done at a shared desk computer, no matter whose PIN is shown."""
    return actor.via == "desk" and not permissions.at_desk(action)


def _grants(actor: Actor, action: str, now: datetime) -> list[Grant]:
    if actor.person_id is None:
        return []
    return [grant for grant in _held(actor.person_id, now) if action in grant.actions]


def _held(person_id: int, now: datetime) -> list[Grant]:
    """Return what the sources say; asked once per request, because a page asks for many rights."""
    if not has_request_context():
        return [grant for source in _sources for grant in source(person_id, now)]
    known: dict[int, list[Grant]] = g.setdefault("grants", {})
    if person_id not in known:
        known[person_id] = [grant for source in _sources for grant in source(person_id, now)]
    return known[person_id]


def ensure(actor: Actor, action: str, unit_id: int | None, *, now: datetime, person_id: int | None = None) -> None:
    """Raise ``Forbidden`` unless the actor may; services call it first, inside their transaction.

    ``unit_id`` is the unit that the thing belongs to, ``None`` for what belongs to the whole enterprise.
    ``person_id``, when given, is the person whom it concerns: one's own affairs are relation ``self``.
    """
    answer = allowed(actor, action, unit_id, now=now, person_id=person_id)
    if answer is False:
        raise _refusal(actor, action, now, lambda grant: _within(unit_id, grant.unit_id))
    if isinstance(answer, Grant) and not _only_reads(action):
        note_use(actor, answer, action, now=now)


def note_use(actor: Actor, grant: Grant, action: str, *, now: datetime) -> None:
    """Every use of a lent right is written down."""
    with transaction():
        audit.record(actor, "grant.used", "unit", grant.unit_id, now=now, used_for=action, why=grant.why)


def _refusal(actor: Actor, action: str, now: datetime, reaches: Callable[[Grant], bool]) -> Forbidden:
    """In words when a shift lent the right until just now: the form was opened on duty and sent afterwards."""
    if actor.person_id is not None and not _barred(actor, action):
        for each in (one for source in _lapsed_sources for one in source(actor.person_id, now)):
            if action in each.grant.actions and reaches(each.grant):
                at = clock.local(each.ended_at)
                return Forbidden("grant.ended", state={"action": action}, at=f"{at:%H:%M}", on=f"{at:%d/%m}")
    return Forbidden("forbidden", state={"action": action})


def refuse_unless(actor: Actor, action: str, unit_id: int | None, *, now: datetime) -> None:
    """Raise ``Forbidden`` as :func:`ensure` does, and write nothing: before thinking, while nothing is done yet."""
    if allowed(actor, action, unit_id, now=now) is False:
        raise Forbidden("forbidden", state={"action": action})


def _only_reads(action: str) -> bool:
    return action.endswith(".read") or action in ("person.contact", "person.directory")


def may_by_role(actor: Actor, action: str, unit_id: int | None, *, person_id: int | None = None) -> bool:
    """Whether the actor's own role allows it; what a shift lends does not count: for what outlives the shift."""
    if _barred(actor, action):
        return False
    return permissions.may(actor.role, action, "other") or permissions.may(
        actor.role, action, relation(actor, unit_id, person_id)
    )


def ensure_role(actor: Actor, action: str, *, now: datetime) -> None:
    """Raise ``Forbidden`` when the actor may never do it, in whatever unit (the gate in front of pages and calls)."""
    may = permissions.may_anywhere(actor.role, action) or _grants(actor, action, now)
    if _barred(actor, action) or not may:
        raise _refusal(actor, action, now, lambda _grant: True)


def requires(action: str) -> Callable[[View], View]:
    """Decorate a view: sign-in first, then the role. Which unit it is about is for the service's :func:`ensure`."""
    permissions.may_anywhere("viewer", action)  # a misspelt action fails when the module is imported

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            ensure_role(current_actor(), action, now=clock.now())
            return view(*args, **kwargs)

        guarded.required_action = action  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def signed_in(view: View) -> View:
    """Decorate a view that every account may see (one's own account)."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return view(*args, **kwargs)

    guarded.required_action = "signed_in"  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def public(view: View) -> View:
    """Mark a view as open to everybody: each route says so, or the route test fails."""
    view.required_action = "public"  # type: ignore[attr-defined]
    return view


def can(action: str, unit_id: int | None = None, person_id: int | None = None) -> bool:
    """Whether the signed-in account may do it, there, for templates; without a unit: anywhere at all (menus, buttons).

    Answers are kept for the length of the request.
    """
    if not current_user.is_authenticated:
        return False
    known: dict[Any, bool] = g.setdefault("can", {})
    asked = (action, unit_id, person_id)
    if asked not in known:
        actor, now = current_actor(), clock.now()
        if unit_id is None and person_id is None:
            may = permissions.may_anywhere(actor.role, action) or bool(_grants(actor, action, now))
            known[asked] = may and not _barred(actor, action)
        else:
            known[asked] = bool(allowed(actor, action, unit_id, now=now, person_id=person_id))
    return known[asked]
