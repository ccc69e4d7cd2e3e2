"""What an address asks for beside its path: numbers and days that database and calendar can hold.

A filter that cannot be read counts as not given; a number beyond every row names no row. So nothing that is typed into
an address bar ends in an error of ours.
"""

from __future__ import annotations

from datetime import date

from flask import request
from werkzeug.routing import IntegerConverter, ValidationError

from core.api.types import MAX_NUMBER
from core.calendar import dates


class ColumnIntegerConverter(IntegerConverter):
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
    """A day of the query; ``None`` when it is none, or lies centuries away."""
    return dates.day(request.args.get(name, ""))


def unreadable(*names: str) -> dict[str, str]:
    """Return what was typed into those filters and is no day, by name: a page says so instead of looking elsewhere."""
    typed = {name: request.args.get(name, "") for name in names}
    return {name: value for name, value in typed.items() if value.strip() and day(name) is None}
