"""Reading what clients send: JSON bodies, queries and path parts, strictly and without surprises for the database."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from flask import Request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from core.api.problems import from_validation
from core.api.types import MAX_NUMBER
from core.errors import DomainError, FieldError, Invalid, NotFound

M = TypeVar("M", bound=BaseModel)

_WHOLE = re.compile(r"-?(0|[1-9]\d{0,18})", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,18})?([eE][+-]?\d{1,3})?", re.ASCII)
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_EXACT = 2.0**53


class MalformedJson(DomainError):
    """Not JSON at all: 400."""

    http_status = 400


def read_body(model: type[M], request: Request, *, required: bool) -> tuple[M, bytes]:
    """The validated body and its canonical bytes (for comparing repetitions); no body counts as ``{}`` if allowed.

    Raises ``MalformedJson`` (400), ``UnsupportedMediaType`` (415) or ``Invalid`` (422, a fault per field).
    """
    raw = request.get_data()
    if not raw.strip() and not required:
        raw = b"{}"
    elif request.mimetype != "application/json":
        raise UnsupportedMediaType
    value = parse(raw)
    if not isinstance(value, dict):
        raise Invalid("fields.invalid", errors=[FieldError("body", "field.type")])
    canonical = json.dumps(value, sort_keys=True).encode()
    return _validate(model, value), canonical


def parse(raw: bytes) -> Any:
    """JSON per RFC 8259: UTF-8, no NaN, no repeated names; ``1.0`` counts as the whole number it is."""
    try:
        return json.loads(
            raw.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_float, object_pairs_hook=_object
        )
    except (ValueError, RecursionError):
        raise MalformedJson("body.malformed") from None


def _refuse(_text: str) -> Any:
    raise ValueError("not JSON")


def _float(text: str) -> float | int:
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < _EXACT else value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("repeated name")
    return found


def read_query(model: type[M] | None, args: MultiDict[str, str]) -> M | None:
    """The validated query; unknown and repeated parameters are faults. Without a model no parameter is known."""
    if model is None:
        if args:
            raise Invalid("fields.invalid", errors=[FieldError(name, "field.unknown") for name in args])
        return None
    kinds = _kinds(model)
    value: dict[str, Any] = {}
    for name, texts in args.lists():
        kind = kinds.get(name, "string")
        if kind != "array" and len(texts) > 1:
            raise Invalid("fields.invalid", errors=[FieldError(name, "field.type")])
        value[name] = texts if kind == "array" else _typed(kind, texts[0])
    return _validate(model, value)


@cache
def _kinds(model: type[BaseModel]) -> dict[str, str]:
    """JSON type of each query parameter, looking through ``| None``."""
    properties = model.model_json_schema().get("properties", {})
    return {name: next(filter(None, map(_kind, _choices(schema))), "string") for name, schema in properties.items()}


def _choices(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(schema.get("anyOf", [schema]))


def _kind(schema: Mapping[str, Any]) -> str | None:
    kind = schema.get("type")
    return kind if isinstance(kind, str) and kind != "null" else None


def _typed(kind: str, text: str) -> Any:
    if kind == "integer" and _WHOLE.fullmatch(text):
        return int(text)
    if kind == "number" and _NUMBER.fullmatch(text):
        return _float(text)
    if kind == "boolean":
        return _BOOLEANS.get(text, text)
    return text


def check_path(parts: Mapping[str, Any]) -> None:
    """No row has such a number or name: 404 instead of an error of the database."""
    for value in parts.values():
        if any(True for _ in _unstorable(value, "path")):
            raise NotFound("resource.not_found")


def _validate(model: type[M], value: dict[str, Any]) -> M:
    faults = list(_unstorable(value, ""))
    if faults:
        raise Invalid("fields.invalid", errors=faults)
    try:
        return model.model_validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        raise from_validation(error) from None


def _unstorable(value: Any, where: str) -> Iterator[FieldError]:
    """Yield what PostgreSQL cannot hold: NUL and lone surrogates in text, numbers beyond an integer column."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
            yield FieldError(where or "body", "field.format")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if not -MAX_NUMBER <= value <= MAX_NUMBER:
            yield FieldError(where or "body", "field.range")
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _unstorable(name, where)
            yield from _unstorable(each, f"{where}.{name}".strip("."))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _unstorable(each, f"{where}.{index}".strip("."))
