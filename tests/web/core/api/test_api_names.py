"""What clients know calls and schemas by is written down, so that code can be renamed and moved without them."""

from __future__ import annotations

import typing
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from pydantic import BaseModel

from core.api import openapi
from core.api.call import PREFIX, ApiModel, ItemPage, api_blueprint, api_call
from core.api.operation import Operation

SHARED = {"AnswerIn", "CoveredOut", "RemedyOut", "SeatOut", "ToldIn", "TurnOut", "WhyOut", "WithdrawIn"}
"""Titles that two schemas or more have: clients tell them apart by the longer name of the schema."""


@pytest.fixture
def operations(app: Flask) -> list[Operation]:
    return [each for bp in app.blueprints.values() for each in getattr(bp, "api_operations", [])]


def models_in(annotation: Any, seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """Every model that a body or an answer is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in seen:
        seen.add(annotation)
        yield annotation
        for field in annotation.model_fields.values():
            yield from models_in(field.annotation, seen)
    for part in typing.get_args(annotation):
        yield from models_in(part, seen)


def test_every_schema_gives_its_title(operations: list[Operation]) -> None:
    seen: set[type[BaseModel]] = set()
    roots = [model for each in operations for model in (each.body, *each.returns.values())]
    found = [model for root in roots for model in models_in(root, seen) if not issubclass(model, ItemPage)]
    assert len(found) > 300
    assert [f"{each.__module__}.{each.__name__}" for each in found if not each.model_config.get("title")] == []


def test_every_call_has_an_identifier_of_its_own(operations: list[Operation]) -> None:
    named = Counter(each.operation_id for each in operations)
    assert len(named) > 200 and set(named.values()) == {1}


def test_no_further_titles_are_shared(app: Flask) -> None:
    schemas = openapi.build(app, PREFIX)["components"]["schemas"]
    titles = Counter(schema.get("title") for schema in schemas.values())
    assert {title for title, times in titles.items() if times > 1} == SHARED


def test_two_schemas_of_one_name_are_refused() -> None:
    """Without a title of its own a model has that of the one that it derives from."""

    class OldOut(ApiModel, title="OldOut"):
        old: int

    class NewOut(OldOut):
        new: int

    bp = api_blueprint("two_of_a_name")

    @api_call(
        bp,
        "GET",
        "/two",
        operation_id="two",
        summary="two",
        returns={200: OldOut, 201: NewOut},
        action=None,
    )
    def two() -> None: ...

    small = Flask(__name__)
    small.register_blueprint(bp)
    with pytest.raises(ValueError, match="OldOut"):
        openapi.build(small, PREFIX)
