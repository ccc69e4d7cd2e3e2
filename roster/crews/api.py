"""JSON API of crews: read, written, and rotated over a campaign's draft."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core.actor import Actor
from core.api.call import ApiModel, Code, Day, ItemPage, Line, ListQuery, Text, When, api_call, paginate
from people import queries as people
from roster.api_blueprint import bp
from roster.campaigns.queries import get_campaign
from roster.crews import applying, queries, services, words
from roster.crews.models import Crew, CrewMember
from roster.crews.proposing import MOST, CrewProposal, CrewWanted, propose
from roster.crews.rotating import OFF, Rotation
from roster.crews.services import Joining
from roster.patterns import words as of_patterns

Id = Annotated[int, Field(ge=1, le=2_147_483_647)]
Version = Annotated[int, Field(ge=1, le=2_147_483_647)]


class MemberIn(ApiModel, title="MemberIn"):
    """``duties``: kinds that they serve in this crew; empty: every kind that they may."""

    person: Code
    duties: Annotated[list[Code], Field(max_length=20)] = []


class CrewIn(ApiModel, title="CrewIn"):
    """``members`` in the order in which they are seated."""

    unit: Code
    name: Annotated[Line, Field(max_length=services.LONGEST)]
    members: Annotated[list[MemberIn], Field(max_length=services.MOST)] = []


class CrewChange(ApiModel, title="CrewChange"):
    """Name and members as they shall be. ``version``: of the crew that was looked at; 409 where it moved on."""

    name: Annotated[Line, Field(max_length=services.LONGEST)]
    members: Annotated[list[MemberIn], Field(max_length=services.MOST)] = []
    version: Version | None = None


class MemberOut(ApiModel, title="MemberOut"):
    person: str
    name: str
    duties: list[str]


class CrewOut(ApiModel, title="CrewOut"):
    id: int
    unit: str
    name: str
    members: list[MemberOut]
    version: int
    updated_at: When


class CrewQuery(ListQuery):
    """``unit``: its crews and those of all below it."""

    unit: Code | None = None


@api_call(
    bp,
    "GET",
    "/crews",
    operation_id="list_crews",
    query=CrewQuery,
    returns={200: ItemPage[CrewOut]},
    action="campaign.read",
    tags=["crews"],
    summary="List crews",
)
def list_crews(*, query: CrewQuery) -> dict[str, Any]:
    who = selectinload(Crew.members).joinedload(CrewMember.person)
    statement = select(Crew).options(joinedload(Crew.unit), who)
    if query.unit:
        statement = statement.where(Crew.unit_id.in_(people.subtree_ids(people.unit_by_code(query.unit).id)))
    rows, following = paginate(statement, [Crew.id], limit=query.limit, cursor=query.cursor)
    return {"items": [_crew(row) for row in rows], "next": following}


@api_call(
    bp,
    "GET",
    "/crews/<int:crew_id>",
    operation_id="get_crew",
    returns={200: CrewOut},
    action="campaign.read",
    tags=["crews"],
    summary="One crew",
)
def get_crew(crew_id: int) -> dict[str, Any]:
    return _crew(queries.get_crew(crew_id))


@api_call(
    bp,
    "POST",
    "/crews",
    operation_id="make_crew",
    body=CrewIn,
    returns={201: CrewOut},
    action="campaign.write",
    tags=["crews"],
    idempotent=True,
    refused=409,
    summary="Make a crew",
)
def make_crew(*, body: CrewIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """A name is given once in a unit."""
    return _crew(services.make_crew(body.unit, body.name, _joining(body.members), actor=actor, now=now))


@api_call(
    bp,
    "PUT",
    "/crews/<int:crew_id>",
    operation_id="change_crew",
    body=CrewChange,
    returns={200: CrewOut},
    action="campaign.write",
    tags=["crews"],
    refused=409,
    summary="Change a crew",
)
def change_crew(crew_id: int, *, body: CrewChange, actor: Actor, now: datetime) -> dict[str, Any]:
    """Whoever leaves it keeps the shifts that they have."""
    members = _joining(body.members)
    return _crew(services.change_crew(crew_id, body.name, members, version=body.version, actor=actor, now=now))


@api_call(
    bp,
    "DELETE",
    "/crews/<int:crew_id>",
    operation_id="delete_crew",
    returns={204: None},
    action="campaign.write",
    tags=["crews"],
    summary="Take a crew away",
)
def delete_crew(crew_id: int, *, actor: Actor, now: datetime) -> None:
    """Its people keep the shifts that they have."""
    services.delete_crew(crew_id, actor=actor, now=now)


class RotationIn(ApiModel, title="RotationIn"):
    """``crews``: ids in order; ``cycle``: names of shifts as in the demand, null for rest; ``days`` of a turn.
    ``stamp``: of the dry run that was looked at; applied only if it would still do just that."""

    unit: Code
    crews: Annotated[list[Id], Field(min_length=1, max_length=MOST)]
    cycle: Annotated[list[Line | None], Field(min_length=1, max_length=MOST)]
    first: Day
    until: Day | None = None
    days: Annotated[int, Field(ge=1, le=31)] = 1
    replaces: bool = False
    pin: bool = True
    reason: Text | None = None
    dry_run: bool = False
    stamp: Annotated[str, Field(max_length=16)] | None = None


class CrewWhyOut(ApiModel, title="roster__crews__api__WhyOut"):
    person: str
    rules: list[str]
    text: str


class CrewTurnOut(ApiModel, title="roster__crews__api__TurnOut"):
    """``missing``: the unit has no such shift that day. ``empty``: seats that nobody of the crew takes."""

    crew: int
    on: date
    shift: str | None
    missing: bool
    people: list[str]
    passed: list[CrewWhyOut]
    spare: list[str]
    empty: list[int]


class CrewCoverOut(ApiModel, title="roster__crews__api__CoveredOut"):
    on: date
    seats: int
    before: int
    after: int


class RotationOut(ApiModel, title="RotationOut"):
    """``edit``: its number in the list of changes; null for a dry run, or where nothing was to be changed.
    ``violations``: what all of it breaks unless a reason is given; a rotation that has some is refused without one."""

    edit: int | None
    draft_version: int
    stamp: str
    text: str
    turns: list[CrewTurnOut]
    covered: list[CrewCoverOut]
    violations: list[str]


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/rotation",
    operation_id="rotate_crews",
    body=RotationIn,
    returns={200: RotationOut},
    action="campaign.write",
    tags=["crews"],
    refused=409,
    summary="Rotate crews over the draft of a unit",
)
def rotate_crews(campaign_id: int, *, body: RotationIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Each crew goes through the cycle, one place ahead of the next. Shifts that have begun stay, and seats that others
    have unless it ``replaces``. One named edit, which undo takes back. 409 where it is not what the ``stamp`` says."""
    cycle = tuple(OFF if each is None else each for each in body.cycle)
    rotation = Rotation(tuple(body.crews), cycle, body.first, body.days, body.until)
    wanted = CrewWanted(body.unit, rotation, body.replaces, body.pin, body.reason or "")
    if body.dry_run:
        found = propose(get_campaign(campaign_id), wanted, actor=actor, now=now)
        return _told(found) | {"edit": None, "draft_version": found.draft_version}
    found, done = applying.apply(campaign_id, wanted, stamp=body.stamp, actor=actor, now=now)
    return _told(found) | {"edit": done.edit, "draft_version": done.draft_version}


def _joining(members: list[MemberIn]) -> list[Joining]:
    return [Joining(each.person, tuple(each.duties)) for each in members]


def _crew(row: Crew) -> dict[str, Any]:
    members = [
        {"person": each.person.code, "name": each.person.full_name, "duties": each.duties} for each in row.members
    ]
    facts = {"id": row.id, "unit": row.unit.code, "name": row.name, "version": row.version}
    return facts | {"members": members, "updated_at": row.updated_at}


def _told(found: CrewProposal) -> dict[str, Any]:
    code = {person_id: one for person_id, (one, _name) in found.names.people.items()}
    filled = {(each.turn.crew, each.turn.on): each for each in found.filled}
    missing = {(each.crew, each.on) for each in found.missing}
    turns = []
    for stint in found.stints:
        each, key = filled.get((stint.crew, stint.on)), (stint.crew, stint.on)
        turns.append(
            {
                "crew": stint.crew,
                "on": stint.on,
                "shift": stint.template or None,
                "missing": key in missing,
                "people": sorted(code[who] for who in each.serving) if each else [],
                "passed": [
                    {"person": code[who], "rules": list(why), "text": of_patterns.why(why)} for who, why in each.passed
                ]
                if each
                else [],
                "spare": [code[who] for who in each.spare] if each else [],
                "empty": [place.seat for place in each.empty] if each else [],
            }
        )
    return {
        "stamp": found.stamp,
        "text": words.name(found),
        "turns": turns,
        "covered": [vars(each) for each in found.covered],
        "violations": [str(each["text"]) for each in found.broken],
    }
