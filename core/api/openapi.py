"""The OpenAPI 3.1 document, built from the calls themselves, so that it cannot say anything else than the code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Literal

from apispec import APISpec
from flask import Flask
from pydantic import TypeAdapter

from core.api import callers
from core.api.operation import Operation
from core.api.problems import PROBLEM_TYPE, phrase
from core.api.types import MAX_NUMBER

_PART = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")
_REFERENCE = "#/components/schemas/{model}"
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]")
_NO_NUL = r"^[^\x00]*$"
_Mode = Literal["validation", "serialization"]

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `state` holds the present facts of a conflict.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("field", "code", "message")},
                "required": ["field", "code", "message"],
            },
        },
        "state": {"type": "object"},
    },
    "required": ["type", "title", "status", "detail", "code", "errors"],
}
_PROBLEMS = (400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503)


def build(app: Flask, prefix: str) -> dict[str, Any]:
    """The document of every API blueprint registered with ``app``."""
    spec = APISpec(
        title="Trực Tết",
        version="1",
        openapi_version="3.1.0",
        info={"description": "Lịch trực, người đang trực, sự cố. Times carry an offset; lists page by cursor."},
    )
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", PROBLEM_SCHEMA)
    for status in _PROBLEMS:
        spec.components.response(f"Problem{status}", _problem_response(status))
    found = [each for bp in app.blueprints.values() for each in getattr(bp, "api_operations", [])]
    # By address: which file a call stands in is nobody's business, and the document stays when it moves.
    operations = sorted(found, key=lambda each: each.path)
    schemas = _Schemas(operations)
    for name, schema in schemas.components.items():
        spec.components.schema(name, schema)
    for each in operations:
        path = prefix + _PART.sub(r"{\2}", each.path)
        spec.path(path=path, operations={each.method.lower(): _operation(each, schemas)})
    return spec.to_dict()


def _problem_response(status: int) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": phrase(status),
        "content": {PROBLEM_TYPE: {"schema": {"$ref": _REFERENCE.format(model="Problem")}}},
    }
    if status == HTTPStatus.UNAUTHORIZED:
        response["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}}
    return response


def _operation(each: Operation, schemas: _Schemas) -> dict[str, Any]:
    text = each.description
    if each.idempotent:
        text += "\n\nTakes `Idempotency-Key` (1–255 characters): same body → same answer; another body → 422."
    needed = [scope for scope in callers.scopes_of(each) if scope]
    if needed:
        text += f"\n\nScope: {' and '.join(f'`{scope}`' for scope in needed)}{' or `read`' if each.reads else ''}."
    answer: dict[str, Any] = {
        "operationId": each.operation_id,
        "summary": each.summary,
        "tags": list(each.tags),
        "security": [{"bearer": []}],
        "parameters": [*_path_parameters(each.path), *schemas.query_parameters(each)],
        "responses": {str(s): {"$ref": f"#/components/responses/Problem{s}"} for s in _PROBLEMS},
    }
    if text.strip():
        answer["description"] = text.strip()
    for status, model in each.returns.items():
        answer["responses"][str(status)] = schemas.response(status, model)
    body = schemas.request_body(each)
    if body:
        answer["requestBody"] = body
    return answer


def _path_parameters(path: str) -> Iterator[dict[str, Any]]:
    for converter, name in _PART.findall(path):
        schema: dict[str, Any] = {"type": "string", "minLength": 1, "pattern": r"^[^/\x00]+$"}
        if converter == "int":
            schema = {"type": "integer", "minimum": 0, "maximum": MAX_NUMBER}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


class _Schemas:
    """JSON schemas of all models, each called by its title, whatever its class is called and wherever it stands."""

    def __init__(self, operations: list[Operation]) -> None:
        wanted: dict[tuple[Any, _Mode], TypeAdapter[Any]] = {}
        for each in operations:
            if each.body is not None:
                wanted[each.body, "validation"] = TypeAdapter(each.body)
            for status, adapter in each.adapters.items():
                wanted[each.returns[status], "serialization"] = adapter
        inputs = [(key, key[1], adapter) for key, adapter in wanted.items()]
        found, definitions = TypeAdapter.json_schemas(inputs, ref_template=_REFERENCE)
        definitions = definitions.get("$defs", {})
        names = {name: _NOT_IN_NAMES.sub("_", schema["title"]) for name, schema in definitions.items()}
        if len(set(names.values())) < len(names):
            raise ValueError(f"two schemas of one title: {sorted(names.items(), key=lambda pair: pair[1])}")
        self._roots = {key: _renamed(schema, names) for (key, _mode), schema in found.items()}
        self.components: dict[str, Any] = {
            names[name]: _renamed(definitions[name], names)
            for name in sorted(definitions, key=lambda name: names[name])
        }
        for (_model, mode), schema in self._roots.items():
            if mode == "validation":
                self._bound(schema, set())

    def _bound(self, schema: Any, seen: set[str]) -> None:
        """Say in the schema what :mod:`core.api.strict_json` refuses anywhere: NUL in text, numbers beyond 32 bits."""
        if isinstance(schema, list):
            for each in schema:
                self._bound(each, seen)
        if not isinstance(schema, dict):
            return
        tighten(schema)
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name and name not in seen:
            seen.add(name)
            self._bound(self.components[name], seen)
        if "patternProperties" in schema:  # keys of a dictionary: others are refused
            schema.setdefault("additionalProperties", False)
        for key in ("properties", "patternProperties"):
            self._bound(list(schema.get(key, {}).values()), seen)
        for key in ("anyOf", "oneOf", "allOf", "items", "prefixItems", "additionalProperties"):
            self._bound(schema.get(key), seen)

    def query_parameters(self, each: Operation) -> Iterator[dict[str, Any]]:
        if each.query is None:
            return
        schema = each.query.model_json_schema()
        required = schema.get("required", [])
        for name, given in schema.get("properties", {}).items():
            choices = [dict(c) for c in given.get("anyOf", [given]) if c.get("type") != "null"]
            for choice in choices:
                choice.pop("title", None)
                if choice.get("default", 0) is None:
                    del choice["default"]
                tighten(choice)
                if choice.get("type") == "array":
                    tighten(choice["items"])
            yield {
                "name": name,
                "in": "query",
                "required": name in required,
                "schema": choices[0] if len(choices) == 1 else {"anyOf": choices},
            }

    def request_body(self, each: Operation) -> dict[str, Any] | None:
        if each.body is not None:
            content = {"application/json": {"schema": self._roots[each.body, "validation"]}}
            return {"required": each.body_required, "content": content}
        if each.uploads:
            return {"required": True, "content": {kind: {"schema": _upload(kind)} for kind in each.uploads}}
        return None

    def response(self, status: int, model: Any) -> dict[str, Any]:
        answer: dict[str, Any] = {"description": phrase(status)}
        if model is not None:
            answer["content"] = {"application/json": {"schema": self._roots[model, "serialization"]}}
        return answer


def _renamed(schema: Any, names: Mapping[str, str]) -> Any:
    """``schema`` with its references by title (``names``); what tells equal titles apart is not shown as title."""
    if isinstance(schema, list):
        return [_renamed(each, names) for each in schema]
    if not isinstance(schema, dict):
        return schema
    answer = {key: _renamed(value, names) for key, value in schema.items()}
    if isinstance(schema.get("$ref"), str):
        answer["$ref"] = _REFERENCE.format(model=names[schema["$ref"].rpartition("/")[2]])
    if isinstance(schema.get("title"), str):
        answer["title"] = schema["title"].rpartition("__")[2]
    return answer


def _upload(kind: str) -> dict[str, Any]:
    if kind == "multipart/form-data":
        file = {"type": "string", "format": "binary"}
        return {"type": "object", "properties": {"file": file}, "required": ["file"]}
    return {"type": "string", "format": "binary"}


def tighten(schema: dict[str, Any]) -> None:
    """Add the limits that hold for every text and number, where the schema says nothing narrower."""
    kind = schema.get("type")
    if kind == "string" and not schema.keys() & {"pattern", "format", "enum", "const"}:
        schema["pattern"] = _NO_NUL
    if kind in ("integer", "number") and not schema.keys() & {"enum", "const"}:
        if not schema.keys() & {"maximum", "exclusiveMaximum"}:
            schema["maximum"] = MAX_NUMBER
        if not schema.keys() & {"minimum", "exclusiveMinimum"}:
            schema["minimum"] = -MAX_NUMBER
