"""What an address asks for beside its path: numbers and days that database and calendar can hold.

A filter that cannot be read counts as not given; a number beyond every row names no row. So nothing that is typed into
an address bar ends in an error of ours.
"""

from __future__ import annotations

from datetime import date, datetime

from flask import request
from werkzeug.routing import IntegerConverter, ValidationError

from core.api_types import MAX_NUMBER
from core.clock import VN

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
"""The days that anybody plans, reports or looks back to; one more or a zone's hours never overflow."""


class Number(IntegerConverter):
    """``<int:…>`` in an address: what no integer column holds is no address of ours (404)."""

    def to_python(self, value: str) -> int:
        found = int(super().to_python(value))
        if found > MAX_NUMBER:
            raise ValidationError
        return found


def number(name: str, default: int) -> int:
    """A whole number of the query; ``default`` when there is none. What is too large becomes the largest that fits."""
    return _bounded(request.args.get(name, type=int), default)


def sent_number(name: str, default: int) -> int:
    """The same of a form."""
    return _bounded(request.form.get(name, type=int), default)


def _bounded(found: int | None, default: int) -> int:
    return default if found is None else max(-MAX_NUMBER, min(found, MAX_NUMBER))


def day(name: str) -> date | None:
    """An ISO date of the query; ``None`` when it is none, or lies centuries away."""
    return readable_day(request.args.get(name, ""))


def moment(typed: str) -> datetime | None:
    """``typed`` as a local time of Việt Nam (``2027-02-06T00:30``), aware; ``None`` as with :func:`readable_day`."""
    try:
        found = datetime.fromisoformat(typed).replace(tzinfo=VN)
    except ValueError:
        return None
    return found if FIRST <= found.date() <= LAST else None


def readable_day(typed: str) -> date | None:
    """``typed`` as a day, ``None`` when it is none, or lies centuries away."""
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        return None
    return found if FIRST <= found <= LAST else None
