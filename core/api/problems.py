"""Problem answers (RFC 9457): every error of the JSON API in one shape.

``{"type", "title", "status", "detail", "code", "errors": [{"field", "code", "message"}], "state": {…}}``; the facts of
``state`` are also members of the problem itself (``gaps``, ``violations``), as RFC 9457 allows.
"""

from __future__ import annotations

import json
import logging
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from flask import Response, current_app
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from core.calendar.moments import rfc3339
from core.errors import Conflict, DomainError, FieldError, Invalid, Unavailable, render
from core.storage import faults

log = logging.getLogger(__name__)

PROBLEM_TYPE = "application/problem+json"

# pydantic's error types, by the beginning of their name, to this API's codes.
_PYDANTIC = (
    ("missing", "field.missing"),
    ("extra_forbidden", "field.unknown"),
    ("string_pattern", "field.format"),
    ("string_too", "field.length"),
    ("too_", "field.length"),
    ("literal_error", "field.choice"),
    ("enum", "field.choice"),
    ("greater_than", "field.range"),
    ("less_than", "field.range"),
)
_HTTP_CODES = {
    400: "request.bad",
    401: "auth.required",
    403: "auth.forbidden",
    404: "resource.not_found",
    405: "method.not_allowed",
    413: "body.too_large",
    415: "body.media_type",
    503: "server.busy",
}
_PHRASES = {
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}


def dumps(value: Any) -> str:
    """JSON text of an answer; times as RFC 3339 in Việt Nam's time, dates as ISO."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return str(value)


def problem(error: DomainError, status: int | None = None) -> Response:
    """The answer for a domain error, with its own status unless another is given."""
    status = status or error.http_status
    answer = build(status, error.code, error.message(), errors=error.errors, state=error.state)
    if status in (429, 503):
        answer.headers["Retry-After"] = str(error.params.get("retry_after", 5))
    return answer


def phrase(status: int) -> str:
    """Return it as RFC 9110, 15 has it; Python before 3.13 has the words of older RFCs."""
    return _PHRASES.get(status) or HTTPStatus(status).phrase


def build(
    status: int, code: str, detail: str, *, errors: list[FieldError] | None = None, state: dict[str, Any] | None = None
) -> Response:
    """Assemble a problem answer from its parts."""
    body: dict[str, Any] = dict(state or {})
    body |= {
        "type": "about:blank",
        "title": phrase(status),
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [_fault(each) for each in errors or []],
        "state": state or {},
    }
    answer = Response(dumps(body), status=status, content_type=PROBLEM_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="api"'
    return answer


def _fault(error: FieldError) -> dict[str, Any]:
    """A field's fault; one in a file (import) also says where it stands."""
    fault: dict[str, Any] = {"field": error.field, "code": error.code, "message": error.message()}
    if "file" in error.params:
        fault |= {name: error.params[name] for name in ("file", "row", "column", "value") if name in error.params}
    return fault


def from_validation(error: ValidationError) -> Invalid:
    """pydantic's findings as one error with a fault per field (``steps.0.after_seconds``)."""
    faults = []
    for each in error.errors(include_url=False, include_input=False, include_context=False):
        faults.append(FieldError(_name_of(each["loc"]), _code_of(each["type"])))
    return Invalid("fields.invalid", errors=faults)


def _name_of(loc: tuple[int | str, ...]) -> str:
    # Between field and field pydantic also names the alternative of a union that it tried: our class, not their field.
    *above, last = loc or ("body",)
    return ".".join(str(part) for part in (*(part for part in above if not str(part)[:1].isupper()), last))


def _code_of(kind: str) -> str:
    if "." in kind:  # raised by a validator of ours, with its own code
        return kind
    for prefix, code in _PYDANTIC:
        if kind.startswith(prefix):
            return code
    return "field.type" if kind.endswith(("_type", "_parsing")) else "field.invalid"


def from_exception(error: Exception) -> Response:
    """The problem for anything a view raised; what nobody expected is logged and answered with 500."""
    if isinstance(error, DomainError):
        return problem(error)
    if isinstance(error, HTTPException):
        return _from_http(error)
    if isinstance(error, OverflowError | DataError):
        return problem(Conflict("value.out_of_range"))
    if isinstance(error, IntegrityError):
        log.warning("refused by a constraint", exc_info=error)
        return problem(Conflict("state.conflict"))
    log.error("unexpected error in the API", exc_info=error)
    if isinstance(error, DBAPIError) and faults.is_line(error):
        return problem(Unavailable("server.busy"))
    if current_app.debug:
        raise error
    return build(500, "server.error", render("server.error", {}))


def _from_http(error: HTTPException) -> Response:
    status = error.code or 500
    code = _HTTP_CODES.get(status, f"http.{status}")
    answer = build(status, code, render(code, {}))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer
