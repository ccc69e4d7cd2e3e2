"""Parts of answers that several rooms give."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from core.api.call import ApiModel, Code, Text, When
from people.links.answering import LONGEST_NOTE
from roster.models import Duty

SaidVia = Literal["page", "link", "slip", "phone", "api"]


class WordIn(ApiModel):
    """What somebody says of a seat that they hold."""

    person: Code | None = None
    """Whom it is said for; null: the person behind the key."""
    note: Annotated[Text, Field(max_length=LONGEST_NOTE)] | None = None
    """Why; of what is noted for somebody else: how one heard it."""
    at: When | None = None
    """When they said it, or when it was; null: now."""


class HeldSeatOut(ApiModel):
    """A published seat and who holds it; what they said of it stands beside."""

    id: int
    shift: int
    duty: str
    unit: str
    person: str
    starts_at: When
    ends_at: When


def held_seat(duty: Duty) -> dict[str, Any]:
    """The fields of ``HeldSeatOut``."""
    return {
        "id": duty.seat_id,
        "shift": duty.shift_id,
        "duty": duty.duty,
        "unit": duty.unit.code,
        "person": duty.person.code,
        "starts_at": duty.starts_at,
        "ends_at": duty.ends_at,
    }


class ViolationOut(ApiModel, title="ViolationOut"):
    rule: str
    hard: bool
    person: str | None
    shifts: list[int]
    params: dict[str, Any]
    text: str


class UncheckedOut(ApiModel, title="UncheckedOut"):
    """Somebody whose overtime could not be checked: nobody knows what they had worked before."""

    person: str
    rules: list[str]
