"""One list of columns for each thing that is imported: everything that reads, writes or shows the thing asks its list.

::

    SheetColumn("headcount", "Số người", kinds.whole(1, 1000), _l("Số người cùng trực."), required=True)

What asks the list: the check of an import and its template (``people.imports``), the writer (``SheetFormat.kept``),
bodies and answers of the API (``people.columns.bodies``) and forms (``people.columns.form_fields``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from core import text
from people.columns.values import Reader

Lists = Mapping[str, Sequence[str]]
"""What tables of the enterprise list, by name of the table: ``duty_kinds`` → codes."""

_CODE = re.compile(r"\((\w+)\)$")


class _Named:
    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


KEEP = _Named("KEEP")
"""The default of a column whose blank cells leave what is known."""
AS_IN_FILES = _Named("AS_IN_FILES")
REQUIRED_IN_API: Any = ...
"""The API insists on a column that files may leave out."""


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class ListedValues:
    """Values that a table of the enterprise lists. ``are_shown``: the template offers them."""

    table: str
    reader: Callable[[Sequence[str]], Reader]
    are_shown: bool = True


@dataclass(frozen=True)
class ValueKind:
    """What stands in a column. What is *kept* is the value in a row of the database.

    ``read`` a cell to what is kept. ``takes`` and ``gives`` are types of the API; ``take`` makes of a body's value what
    is kept, ``give`` the way back.
    """

    read: Reader
    takes: Any
    gives: Any
    take: Callable[[Any], Any] = _same
    give: Callable[[Any], Any] = _same
    choices: Sequence[str] = ()
    listed: ListedValues | None = None


@dataclass(frozen=True)
class FormField:
    """How a form asks for a column: by which ``field`` (of WTForms), under which ``name`` if not the column's own.

    ``take`` makes of the field's data what is saved; ``show`` is the way back.
    """

    field: Any
    name: str = ""
    take: Callable[[Any], Any] = _same
    show: Callable[[Any], Any] = _same


@dataclass(frozen=True)
class SheetColumn:
    """``default`` is what a blank cell means.

    ``stored``: the attribute of the row, "" = called like the column; None: it is kept elsewhere, which is said by
    whoever writes it. ``personal``: the API answers null to who may not see the person in full.
    """

    name: str
    title: str
    """In Vietnamese; ``name`` is the English one."""
    kind: ValueKind
    help: Any
    required: bool = False
    default: Any = ""
    example: Any = ""
    stored: str | None = ""
    api_default: Any = AS_IN_FILES
    personal: bool = False
    asked: FormField | None = None

    @property
    def attribute(self) -> str | None:
        return self.name if self.stored == "" else self.stored

    @property
    def choices(self) -> Sequence[str]:
        return self.kind.choices

    @property
    def heading(self) -> str:
        """``Họ và tên (full_name)``: what the template writes."""
        return f"{self.title} ({self.name})"

    @property
    def default_of_one(self) -> Any:
        """The default for one row alone: a list or a mapping of its own."""
        return copy(self.default) if isinstance(self.default, (list, dict)) else self.default

    @property
    def default_in_api(self) -> Any:
        """What a body without the column means; ``REQUIRED_IN_API`` = it may not be without."""
        if self.api_default is not AS_IN_FILES:
            return self.api_default
        return REQUIRED_IN_API if self.required else self.default

    def with_lists(self, lists: Lists) -> SheetColumn:
        """The column with the values that the enterprise lists now."""
        listed = self.kind.listed
        if listed is None:
            return self
        known = lists[listed.table]
        kind = replace(self.kind, read=listed.reader(known), choices=known if listed.are_shown else ())
        return replace(self, kind=kind)


@dataclass(frozen=True)
class SheetFormat:
    """The columns of one thing. ``key`` names those that make a row the same row as before."""

    name: str
    help: Any
    key: tuple[str, ...]
    columns: tuple[SheetColumn, ...]
    _by_name: dict[str, SheetColumn] = field(init=False, repr=False, compare=False)
    _stored: dict[str, str] = field(init=False, repr=False, compare=False)
    """Column → attribute of the row."""

    def __post_init__(self) -> None:
        stored = {column.name: column.attribute for column in self.columns if column.attribute is not None}
        object.__setattr__(self, "_by_name", {column.name: column for column in self.columns})
        object.__setattr__(self, "_stored", stored)

    def __getitem__(self, name: str) -> SheetColumn:
        return self._by_name[name]

    @property
    def required(self) -> list[str]:
        return [column.name for column in self.columns if column.required]

    def with_lists(self, lists: Lists) -> SheetFormat:
        return replace(self, columns=tuple(column.with_lists(lists) for column in self.columns))

    def known(self, row: Any) -> dict[str, Any]:
        """Return what a row of the database keeps, by column."""
        return {name: getattr(row, attribute) for name, attribute in self._stored.items()}

    def kept(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The attributes that ``values``, by column, give to a row; those of its key are not among them."""
        return {
            attribute: values[name]
            for name, attribute in self._stored.items()
            if name in values and name not in self.key
        }

    def put(self, row: Any, values: Mapping[str, Any]) -> None:
        """Give a row what ``values``, by column, say of it."""
        for attribute, value in self.kept(values).items():
            setattr(row, attribute, value)

    def stated(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the ``values`` of known columns; None is left out, and leaves what is known, where a column
        must have one."""
        known = {name: value for name, value in values.items() if name in self._by_name}
        return {name: value for name, value in known.items() if value is not None or self[name].default is None}

    def blank(self) -> dict[str, Any]:
        """Return what blank cells give to a new row."""
        return self.kept({column.name: column.default_of_one for column in self.columns if not column.required})

    def taken(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is kept of a body of the API, by column."""
        return {
            column.name: None if body[column.name] is None else column.kind.take(body[column.name])
            for column in self.columns
            if column.name in body
        }

    def given(self, row: Any, elsewhere: Mapping[str, Any], *, in_full: bool = True) -> dict[str, Any]:
        """The answer of the API about a row; ``elsewhere`` has the columns that the row itself does not keep."""
        kept = {**self.known(row), **elsewhere}
        return {column.name: _given(column, kept[column.name], in_full) for column in self.columns}

    def meant(self, typed: str) -> str:
        """The column that a heading names: by its code, by its Vietnamese name, or by both; else what was typed.

        ``typed`` is folded, with underscores for blanks.
        """
        if typed in self._by_name:
            return typed
        beside = _CODE.search(typed)
        if beside is not None and beside[1] in self._by_name:
            return beside[1]
        return next((column.name for column in self.columns if _folded(column.title) == typed), typed)


def _given(column: SheetColumn, kept: Any, in_full: bool) -> Any:
    return None if kept is None or (column.personal and not in_full) else column.kind.give(kept)


def _folded(title: str) -> str:
    return "_".join(text.fold(title).replace("-", " ").split())
