"""What the API tells and takes of escalation policies."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.api.call import ApiModel, Code, Line, Text
from incidents.policies.drafts import LONGEST_WAIT, MOST_STEPS
from incidents.policies.models import URGENT_MOST

Wait = Annotated[int, Field(ge=0, le=LONGEST_WAIT)]
Pause = Annotated[int, Field(ge=1, le=LONGEST_WAIT)]
Level = Annotated[int, Field(ge=1, le=4)]
Head = Literal["own", "parent", "all", "each"]


class TargetIn(ApiModel, title="TargetIn"):
    """One of those whom a step calls: exactly one of the three."""

    duty: Code | None = None
    person: Code | None = None
    head: Head | None = None
    """Heads of units: of the unit where it happened (own), of the one above (parent), of these and all above at once
    (all), or one level a step (each)."""


class _Step(ApiModel):
    after_seconds: Wait
    all_must_acknowledge: bool = False
    """Everybody goes on being called until each has answered, also when somebody has taken it."""
    targets: Annotated[list[TargetIn], Field(max_length=10)] = []
    """Who is called as well."""


class DutyStep(_Step, title="DutyStep"):
    """Calls the people who serve this duty when the step fires."""

    duty: Code
    person: None = None


class PersonStep(_Step, title="PersonStep"):
    """Calls this person."""

    duty: None = None
    person: Code


class TargetsStep(_Step, title="TargetsStep"):
    """Calls everybody of ``targets``."""

    duty: None = None
    person: None = None


class PolicyStepOut(ApiModel, title="PolicyStepOut"):
    duty: str | None
    person: str | None
    after_seconds: int
    all_must_acknowledge: bool
    targets: list[TargetIn]
    """Empty when the step calls only ``duty`` or ``person``."""


class PolicyIn(ApiModel, title="PolicyIn"):
    steps: Annotated[list[DutyStep | PersonStep | TargetsStep], Field(min_length=1, max_length=MOST_STEPS)]
    repeat_after_seconds: Pause
    ack_timeout_seconds: Pause
    catch_all: Annotated[list[Code], Field(max_length=50)] = []
    repeat_most_seconds: Pause | None = None
    """Back-off: after some turns each waits longer, up to this; null: every turn waits ``repeat_after_seconds``."""
    urgent_most_seconds: Pause = URGENT_MOST
    """The back-off of level 1–2 goes no further than this."""
    alive_seconds: Pause | None = None
    """Inactivity time-out after a sign of life; null: as the acknowledge time-out."""
    snooze_most_seconds: Annotated[list[Wait], Field(min_length=4, max_length=4)] | None = None
    """The longest that levels 1, 2, 3, 4 may be put off."""
    tells_end: bool = True
    """Whoever was called hears who has it, that it is over, called off or open again."""


class ConditionsBody(ApiModel, title="Conditions"):
    """Empty = no condition of that kind; at least one is needed."""

    severities: Annotated[list[Level], Field(max_length=4)] = []
    categories: Annotated[list[Code], Field(max_length=50)] = []
    phases: Annotated[list[Literal["before", "during", "after"]], Field(max_length=3)] = []
    hours: Annotated[list[Text], Field(min_length=2, max_length=2)] | None = None
    """["22:00", "06:00"]: local, may run over midnight."""


class ConditionalIn(PolicyIn, title="ConditionalIn"):
    name: Line
    conditions: ConditionsBody
    position: Annotated[int, Field(ge=0, le=1000)] = 0
    """Of policies that fit equally well the first holds."""


class PolicyOut(ApiModel, title="PolicyOut"):
    steps: list[PolicyStepOut]
    repeat_after_seconds: int
    ack_timeout_seconds: int
    catch_all: list[str]
    unit: str | None
    """Whose policy it is: the unit itself, an ancestor, or null for the enterprise's default."""
    number: int
    repeat_most_seconds: int | None
    urgent_most_seconds: int
    alive_seconds: int | None
    snooze_most_seconds: list[int]
    tells_end: bool


class ConditionalOut(PolicyOut, title="ConditionalOut"):
    slot: int
    name: str
    conditions: ConditionsBody
    position: int
