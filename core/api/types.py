"""Types for the bodies, queries and answers of the JSON API.

Their JSON schemas say exactly what is accepted, so that a caller who follows the document is never refused for form.
Models derive from :class:`ApiModel`; bodies are read strictly (``"1"`` is no number, ``1`` is no boolean).
Numbered choices are ``Annotated[int, Field(ge=1, le=4)]``: a ``Literal[1, 2]`` would let ``true`` pass for 1.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from core.calendar.moments import parse_moment, rfc3339

T = TypeVar("T")

MAX_NUMBER = 2_147_483_647
"""Largest number accepted anywhere: what an integer column of PostgreSQL holds."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class ApiModel(BaseModel):
    """Base of every API model: unknown fields are refused; answers may be built from rows.

    Models of bodies and answers give their ``title``: clients know the schema by it when the class is renamed or
    moved. Of two with one title, what stands before the last ``__`` tells them apart and is not shown as the title.
    """

    model_config = ConfigDict(extra="forbid", from_attributes=True)


def _moment(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return parse_moment(value)
    except ValueError:
        raise PydanticCustomError("field.time", "RFC 3339 time with offset expected") from None


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        if not _DAY.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("field.date", "ISO date expected") from None


LocalTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["07:30"])]
"""A time of day on the wall, hours and minutes."""
When = Annotated[
    datetime,
    BeforeValidator(_moment),
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2020-01-24T20:00:00+07:00"]}),
]
"""A moment: RFC 3339 with offset outside, aware UTC inside."""

Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2020-01-25"]}),
]
"""A date, ``YYYY-MM-DD``."""

CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"
Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]
"""A code of a unit, person, duty kind…: letters, digits, dot, dash, underscore; 1–40 characters."""

_CONTROL = r"\x00-\x1f\x7f-\x9f"
_BLANK = r"\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
Line = Annotated[
    str, StringConstraints(max_length=200), Field(pattern=rf"^[^{_CONTROL}]*[^{_CONTROL} {_BLANK}][^{_CONTROL}]*$")
]
"""One line of text with at least one visible character, at most 200. Strip it in the service."""

Text = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]
"""Free text, possibly empty, at most 4000 characters."""

Said = Annotated[str, StringConstraints(max_length=500), Field(pattern=rf"^[^\x00]*[^{_CONTROL} {_BLANK}][^\x00]*$")]
"""A reason or the like: at least one visible character, at most 500. Strip it in the service."""

Count = Annotated[int, Field(ge=0, le=MAX_NUMBER)]
"""A whole number from 0."""

CURSOR_PATTERN = r"^[A-Za-z0-9_-]{4,2000}\.[0-9a-f]{16}$"


class ListQuery(ApiModel):
    """Query of every list; derive from it to add filters."""

    limit: Annotated[int, Field(ge=1, le=500)] = 100
    cursor: Annotated[str, StringConstraints(pattern=CURSOR_PATTERN)] | None = None


class ItemPage(ApiModel, Generic[T]):
    """Answer of every list: ``{"items": […], "next": cursor or null}``."""

    items: list[T]
    next: str | None = None

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """The list is called after what it lists: ``ItemPage[UnitOut]``."""
        return f"Page[{', '.join(title_of(each) for each in params)}]"


def title_of(model: Any) -> str:
    """The name that clients know ``model`` by."""
    return str(getattr(model, "model_config", {}).get("title") or model.__name__)
