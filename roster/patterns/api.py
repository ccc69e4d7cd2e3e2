"""JSON API of patterns: what one would do to a unit's draft, and doing it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, Code, Text, api_call
from roster.api_blueprint import bp
from roster.campaigns.queries import get_campaign
from roster.patterns import services, words
from roster.patterns.proposing import MOST, PatternProposal, PatternWanted, propose


class PatternIn(ApiModel, title="PatternIn"):
    """``people``: codes in the order of turns, for ``leader`` one. ``duties``: kinds of duty, empty: leadership for
    ``leader``, all of the unit for ``rotate``. ``stamp``: of the dry run that was looked at; applied only if it would
    still do just that."""

    pattern: Literal["leader", "rotate"]
    unit: Code
    people: Annotated[list[Code], Field(min_length=1, max_length=MOST)]
    first: Code | None = None
    turn: Literal["shift", "day", "day_night"] = "shift"
    duties: Annotated[list[Code], Field(max_length=20)] = []
    replaces: bool = False
    pin: bool = True
    reason: Text | None = None
    dry_run: bool = False
    stamp: Annotated[str, Field(max_length=16)] | None = None


class PassedOut(ApiModel, title="PassedOut"):
    person: str
    rules: list[str]
    text: str


class PlaceOut(ApiModel, title="PlaceOut"):
    """``person``: who would sit there, null: nobody can; ``passed``: whose turn it was and who cannot."""

    seat: int
    shift: int
    was: str | None
    person: str | None
    passed: list[PassedOut]


class KeptOut(ApiModel, title="KeptOut"):
    begun: int
    pinned: int
    taken: int


class PatternOut(ApiModel, title="PatternOut"):
    """``edit``: its number in the list of changes; null for a dry run, or where nothing was to be changed.
    ``violations``: what all of it breaks unless a reason is given; a pattern that has some is refused without one."""

    edit: int | None
    draft_version: int
    stamp: str
    text: str
    filled: int
    left_empty: int
    kept: KeptOut
    places: list[PlaceOut]
    violations: list[str]


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/patterns",
    operation_id="use_pattern",
    body=PatternIn,
    returns={200: PatternOut},
    action="campaign.write",
    tags=["campaigns"],
    refused=409,
    summary="Fill the draft of a unit by a pattern",
)
def use_pattern(campaign_id: int, *, body: PatternIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """One person throughout, or people in turn; empty seats only, unless it ``replaces``. Pinned seats and shifts that
    have begun stay. One named edit, which undo takes back. 409 where it is not what the ``stamp`` says."""
    wanted = PatternWanted(
        body.pattern,
        body.unit,
        tuple(body.people),
        body.first or "",
        body.turn,
        tuple(body.duties),
        body.replaces,
        body.pin,
        body.reason or "",
    )
    if body.dry_run:
        found = propose(get_campaign(campaign_id), wanted, actor=actor, now=now)
        return _told(found) | {"edit": None, "draft_version": found.draft_version}
    found, done = services.apply(campaign_id, wanted, stamp=body.stamp, actor=actor, now=now)
    return _told(found) | {"edit": done.edit, "draft_version": done.draft_version}


def _told(found: PatternProposal) -> dict[str, Any]:
    code = {person_id: one for person_id, (one, _name) in found.names.people.items()}
    return {
        "stamp": found.stamp,
        "text": words.name(found),
        "filled": found.filled,
        "left_empty": found.left_empty,
        "kept": {"begun": found.kept.begun, "pinned": found.kept.pinned, "taken": found.kept.taken},
        "places": [
            {
                "seat": each.dealt.place.seat,
                "shift": each.shift.id,
                "was": code.get(each.was or 0),
                "person": code.get(each.becomes or 0),
                "passed": [
                    {"person": code[who], "rules": list(why), "text": words.why(why)} for who, why in each.dealt.passed
                ],
            }
            for each in found.lines
        ],
        "violations": [str(each["text"]) for each in found.broken],
    }
