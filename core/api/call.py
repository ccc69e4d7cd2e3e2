"""The JSON API toolbox: one decorator turns a function into a documented, authenticated, validated call.

::

    # roster/pages/api_campaigns.py
    from core.api.call import ApiModel, Code, Day, Line, ListQuery, Page, api_blueprint, api_call, paginate

    bp = api_blueprint("roster_api")            # url_prefix /api/v1; listed in the package's routes.py

    class CampaignIn(ApiModel):                 # body: strict JSON, unknown fields refused
        name: Line
        unit: Code
        starts_on: Day

    class CampaignOut(ApiModel):                # answer: built from a dict, a row's attributes or an instance
        id: int
        name: str
        created_at: When                        # RFC 3339 with +07:00 outside, aware UTC inside

    class CampaignQuery(ListQuery):             # limit and cursor, plus filters
        unit: Code | None = None

    @api_call(bp, "POST", "/campaigns", body=CampaignIn, returns={201: CampaignOut}, action="campaign.write",
              tags=["campaigns"], idempotent=True, summary="Create a campaign")
    def create_campaign(*, body: CampaignIn, actor: Actor, now: datetime) -> Campaign:
        return services.create(..., actor=actor, now=now)

    @api_call(bp, "GET", "/campaigns", query=CampaignQuery, returns={200: Page[CampaignOut]}, action="campaign.read",
              tags=["campaigns"], summary="List campaigns")
    def list_campaigns(*, query: CampaignQuery) -> dict[str, Any]:
        items, following = paginate(select(Campaign), [Campaign.id], limit=query.limit, cursor=query.cursor)
        return {"items": items, "next": following}

    @api_call(bp, "DELETE", "/solve-runs/<int:run_id>", returns={204: None}, action="campaign.write", …)
    def cancel(run_id: int, *, actor: Actor, now: datetime) -> None: ...

A view asks by name for what it needs: path parts, ``body``, ``query``, ``actor``, ``now``. It answers the value, or
``(value, status)`` where ``returns`` names several statuses (the first is the default), or a ``flask.Response``.

**Statuses** (decision 4). 422 means that fields cannot be used: they do not fit the documented schema, or a *service*
raised ``Invalid`` about them. A call whose fields can clash with each other in ways that no schema tells says
``refused=409``. A code that names something which is not there is ``NotFound`` (404); look references up first.
What is no import file at all is ``Conflict``; declare uploads as ``["multipart/form-data",
"application/octet-stream"]`` and read the bytes of whatever media type came.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, request
from pydantic import BaseModel, TypeAdapter
from werkzeug.exceptions import HTTPException, UnsupportedMediaType
from werkzeug.routing import RequestRedirect

from core import tried_again
from core.api import callers, idempotency, openapi, places, problems, strict_json
from core.api.messages import MESSAGES
from core.api.operation import Operation
from core.api.pagination import paginate
from core.api.types import (
    ApiModel,
    Code,
    Count,
    Day,
    ItemPage,
    Line,
    ListQuery,
    LocalTime,
    Text,
    When,
)
from core.errors import DomainError, Invalid, NotFound, register_messages

__all__ = [
    "ApiModel",
    "Code",
    "Count",
    "Day",
    "Line",
    "ListQuery",
    "LocalTime",
    "ItemPage",
    "Text",
    "When",
    "api_blueprint",
    "api_call",
    "init_api",
    "is_api_path",
    "paginate",
]

PREFIX = "/api/v1"

View = TypeVar("View", bound=Callable[..., Any])


class _Refused(DomainError):
    """A service's ``Invalid`` about a request that fits the schema."""

    http_status = 409


def api_blueprint(name: str) -> Blueprint:
    """A blueprint whose calls are documented and free of CSRF tokens (they carry no cookie's authority)."""
    bp = Blueprint(name, name, url_prefix=PREFIX)
    bp.api_operations = []  # type: ignore[attr-defined]
    return bp


def is_api_path(path: str) -> bool:
    return path == PREFIX or path.startswith(PREFIX + "/")


def api_call(
    bp: Blueprint,
    method: str,
    path: str,
    *,
    operation_id: str,
    summary: str,
    returns: Mapping[int, Any],
    action: str | None,
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    uploads: Sequence[str] = (),
    tags: Sequence[str] = (),
    idempotent: bool = False,
    refused: int = 422,
    scopes: Sequence[str] = (),
) -> Callable[[View], View]:
    """Register the decorated function as ``method`` ``path`` (Flask syntax: ``/units/<code>``) of ``bp``.

    ``operation_id`` and ``summary`` are what clients know the call by: they stay when the function is renamed.
    ``returns`` maps statuses to models (``None`` = no content); ``action`` is given to the authorizer (``None`` = any
    valid key); ``uploads`` lists media types whose bytes the view reads from ``flask.request`` itself. ``scopes``:
    all that a key must be for, where its action does not say it.
    """

    def register(view: View) -> View:
        operation = Operation(
            method=method.upper(),
            path=path,
            operation_id=operation_id,
            returns=returns,
            body=body,
            query=query,
            action=action,
            uploads=uploads,
            tags=tags,
            summary=summary,
            description=inspect.getdoc(view) or "",
            idempotent=idempotent,
            refused=refused,
            scopes=scopes,
            adapters={status: TypeAdapter(model) for status, model in returns.items() if model is not None},
        )
        wanted = set(inspect.signature(view).parameters)

        @wraps(view)
        def handle(**parts: Any) -> Response:
            try:
                return tried_again.request_whole(lambda: _handle(operation, view, wanted, parts))
            except Exception as error:  # the edge: every error becomes a problem
                return problems.from_exception(error)

        bp.api_operations.append(operation)  # type: ignore[attr-defined]
        bp.add_url_rule(path, endpoint=operation_id, view_func=handle, methods=[operation.method])
        return view

    return register


def _handle(operation: Operation, view: Callable[..., Any], wanted: set[str], parts: dict[str, Any]) -> Response:
    actor, now = callers.caller(operation)
    strict_json.check_path(parts)
    given: dict[str, Any] = {**parts, "actor": actor, "now": now}
    raw = b""
    try:
        given["query"] = strict_json.read_query(operation.query, request.args)
        if operation.body is not None:
            given["body"], raw = strict_json.read_body(operation.body, request, required=operation.body_required)
        elif operation.uploads:
            raw = request.get_data()
    except (DomainError, UnsupportedMediaType):
        if operation.action is not None:
            places.ensure(operation.path, parts, operation.action, actor, now=now)
        raise
    arguments = {name: value for name, value in given.items() if name in wanted}

    def answer() -> Response:
        return _render(operation, _run(operation, view, arguments))

    key = request.headers.get("Idempotency-Key")
    if not operation.idempotent or key is None:
        return answer()
    digest = idempotency.digest_of(operation.method, request.full_path, raw)
    return idempotency.once(key, digest, answer, actor=actor, now=now)


def _run(operation: Operation, view: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    try:
        return view(**arguments)
    except Invalid as error:
        if operation.refused == Invalid.http_status:
            raise
        raise _Refused(error.code, state=error.state, errors=error.errors, **error.params) from error


def _render(operation: Operation, result: Any) -> Response:
    if isinstance(result, Response):
        return result
    status = next(iter(operation.returns))
    if isinstance(result, tuple):
        result, status = result
    adapter = operation.adapters.get(status)
    if adapter is None:
        return Response(status=status)
    value = adapter.validate_python(result, from_attributes=True)
    return Response(adapter.dump_json(value, by_alias=True), status=status, content_type="application/json")


def init_api(app: Flask, csrf: Any = None) -> None:
    """Finish the API once its blueprints are registered: document, unknown addresses, CSRF exemption.

    ``csrf`` is the application's ``CSRFProtect``, if it has one.
    """
    register_messages(MESSAGES)
    for bp in app.blueprints.values():
        if hasattr(bp, "api_operations") and csrf is not None:
            csrf.exempt(bp)

    @app.before_request
    def unrouted() -> Response | None:
        """404 and 405 under the prefix as problems, whatever pages the application shows elsewhere."""
        fault = request.routing_exception
        if fault is None or not is_api_path(request.path):
            return None
        # A redirect to a tidied address would be followed as GET by many clients: there is nothing here.
        return problems.from_exception(NotFound("resource.not_found") if isinstance(fault, RequestRedirect) else fault)

    @cache
    def text() -> bytes:
        # The calls do not change while the program runs. Built at the first request: most processes are never asked.
        return json.dumps(openapi.build(app, PREFIX), ensure_ascii=False).encode()

    @app.get(f"{PREFIX}/openapi.json", endpoint="api_document")
    def document() -> Response:
        """Answer the API document, to whoever has an account or a key: it is a map of every door."""
        try:
            callers.ensure_known_visitor()
        except (HTTPException, DomainError) as fault:
            return problems.from_exception(fault)
        response = Response(text(), content_type="application/json")
        response.headers["Cache-Control"] = "private, no-cache"
        response.add_etag()
        response.make_conditional(request)
        return response

    document.required_action = "any_key"  # type: ignore[attr-defined]
