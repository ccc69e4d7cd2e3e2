"""Bodies and answers of the API, made of the columns of a thing: classes to derive from.

::

    class PersonIn(bodies.taking(PEOPLE)): ...
    class PersonOut(bodies.giving(PEOPLE)): ...
"""

from __future__ import annotations

from typing import Any

from pydantic import create_model

from core.api.types import ApiModel
from people.columns.column import SheetColumn, SheetFormat


def taking(sheet: SheetFormat) -> Any:
    """Return what a body may say; columns that it may be without have their defaults."""
    return _model(sheet, ApiModel, {column.name: (_taken(column), column.default_in_api) for column in sheet.columns})


def giving(sheet: SheetFormat, base: type[ApiModel] = ApiModel) -> Any:
    """Return what an answer says, all of it; ``base`` has fields that come before the columns."""
    return _model(sheet, base, {column.name: (_given(column), ...) for column in sheet.columns})


def _model(sheet: SheetFormat, base: type[ApiModel], fields: dict[str, Any]) -> Any:
    return create_model(f"Columns_{sheet.name}", __base__=base, __module__=__name__, **fields)


def _taken(column: SheetColumn) -> Any:
    return column.kind.takes | None if column.default_in_api is None else column.kind.takes


def _given(column: SheetColumn) -> Any:
    """Null where nothing is kept, or where it is not for everybody."""
    return column.kind.gives | None if column.personal or column.default_in_api is None else column.kind.gives
