"""Errors that a person can act on: a stable code, parameters, and words found at the edge.

Services raise these; one place (``core.web``, ``core.api.call``) turns them into pages or problem+json.
Sentences live in each package's ``messages.py`` and are registered with :func:`register_messages`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

_MESSAGES: dict[str, Any] = {}
_WRITERS: list[Callable[[Mapping[str, Any]], Mapping[str, Any]]] = []


def register_messages(messages: Mapping[str, Any]) -> None:
    """Add sentence templates (lazy, ``%(name)s`` placeholders) for error codes."""
    _MESSAGES.update(messages)


def write_values_by(writer: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
    """How the values of a sentence are written for its reader; here nobody knows who that is."""
    _WRITERS[:] = [writer]


def known_codes() -> frozenset[str]:
    """Codes that have a sentence."""
    return frozenset(_MESSAGES)


def render(code: str, params: Mapping[str, Any]) -> str:
    """The sentence for ``code`` in the reader's language; the code itself when nobody wrote one."""
    template = _MESSAGES.get(code)
    if template is None:
        return code
    text = str(template)
    for writer in _WRITERS:
        params = writer(params)
    return text % params if params else text


@dataclass(frozen=True)
class FieldError:
    """One fault of one field: ``field`` is the form or JSON name, ``code`` a stable dotted word."""

    field: str
    code: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def message(self) -> str:
        return render(self.code, self.params)


class DomainError(Exception):
    """Base of every error meant for a reader."""

    http_status: ClassVar[int] = 400

    def __init__(
        self,
        code: str,
        *,
        field: str | None = None,
        state: Mapping[str, Any] | None = None,
        errors: list[FieldError] | None = None,
        **params: Any,
    ) -> None:
        super().__init__(code, params)
        self.code = code
        self.field = field
        self.params = params
        self.state = dict(state or {})
        self.errors = errors if errors is not None else ([FieldError(field, code, params)] if field else [])

    def message(self) -> str:
        return render(self.code, self.params)


def by_field(error: DomainError | None) -> dict[str, str]:
    """Field → what is wrong with it, for a page with a form; nothing before anybody was refused."""
    return {fault.field: fault.message() for fault in error.errors} if error else {}


class Invalid(DomainError):
    """What was typed cannot be used: 422, with the fields to mend."""

    http_status = 422


def ensure_none(faults: list[FieldError]) -> None:
    """Raise ``Invalid`` with all of them when there are any; the first one is what it says."""
    if faults:
        raise Invalid(faults[0].code, errors=faults, **dict(faults[0].params))


class NotFound(DomainError):
    http_status = 404


class Forbidden(DomainError):
    http_status = 403


class Conflict(DomainError):
    """The world has moved on: 409, ``state`` carries the present facts."""

    http_status = 409


class Gone(DomainError):
    http_status = 410


class Throttled(DomainError):
    """Too many attempts; ``retry_after`` (seconds) is among the parameters."""

    http_status = 429


class Unavailable(DomainError):
    http_status = 503
