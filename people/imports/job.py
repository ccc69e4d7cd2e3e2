"""One import while it runs: what is wrong so far, whom the actor may touch, what changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core import text
from people.columns.column import Lists, SheetFormat
from people.imports.faults import ImportFault
from people.imports.read import Tables
from people.imports.records import Record, read_sheet

Key = tuple[Any, ...]

MOST_SUGGESTIONS = 50
_DEFINED_IN = {"import.unknown_person": "people", "import.unknown_unit": "units", "import.unknown_parent": "units"}


@dataclass(frozen=True)
class RowCounts:
    """Rows of one file, compared with what was known."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    new: Sequence[str] = field(default=(), compare=False)
    changed: Sequence[str] = field(default=(), compare=False)
    left: Sequence[str] = field(default=(), compare=False)
    """Names, of sheets whose rows have one: who or what is new, changes, or is here no more."""


@dataclass(frozen=True)
class RowChange:
    """One row to write; ``key`` says which thing, ``values`` what it shall be."""

    key: Key
    values: Mapping[str, Any]
    is_new: bool


@dataclass
class ImportJob:
    """``scope`` holds the codes of the units that the actor may change; ``None`` = all. ``lists``: values that tables
    of the enterprise list."""

    tables: Tables
    lists: Lists
    now: datetime
    is_demo: bool = False
    scope: set[str] | None = None
    errors: list[ImportFault] = field(default_factory=list)
    warnings: list[ImportFault] = field(default_factory=list)
    counts: dict[str, RowCounts] = field(default_factory=dict)
    suggested: dict[str, str] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    _by_fold: dict[int, tuple[Collection[str], int, dict[str, str | None]]] = field(default_factory=dict)
    """By collection of codes, which is kept so that no other one gets its id."""

    def records(self, sheet: SheetFormat) -> list[Record]:
        """The rows of that sheet; none when the file was not handed in."""
        table = self.tables.tables.get(sheet.name)
        if table is None:
            return []
        records = read_sheet(table, sheet.with_lists(self.lists), self.errors.append, self.warnings.append)
        if records is None or table.unread:
            self.unreadable.add(sheet.name)
        return records or []

    def error(self, record: Record, column: str, problem: str, /, **params: Any) -> None:
        record.bad.add(column)
        self.errors.append(record.fault(column, problem, **params))

    def warn(self, record: Record, column: str, problem: str, /, **params: Any) -> None:
        self.warnings.append(record.fault(column, problem, **params))

    def refer(self, record: Record, column: str, known: Collection[str], problem: str) -> str | None:
        """The known code that a cell names, in any case, lost leading zeros restored; an error when there is none."""
        typed = record.values.get(column)
        if typed is None or typed == "":
            return None
        found = self._meant(typed, known)
        if found is None and _DEFINED_IN[problem] in self.unreadable:
            record.bad.add(column)  # whether it is unknown cannot be told before that file is mended
            return None
        if found is None:
            self.error(record, column, problem, code=typed, near=self._near(typed, known))
            return None
        record.values[column] = found
        return found

    def _near(self, typed: str, known: Collection[str]) -> str:
        # Comparing with thousands of codes is slow; with this many unknown ones no suggestion helps any more.
        if typed not in self.suggested and len(self.suggested) < MOST_SUGGESTIONS:
            self.suggested[typed] = text.nearest(typed, known)
        return self.suggested.get(typed, "")

    def adopt_code(self, record: Record, known: Collection[str]) -> None:
        """Give a row's own code the capitals and the leading zeros with which it is already known."""
        typed = record.values.get("code")
        found = self._meant(typed, known) if typed else None
        if found is not None and found != typed:
            record.values["code"] = found
            alike = found.casefold() == str(typed).casefold()
            self.warn(record, "code", "import.case_adopted" if alike else "import.zeros_restored", code=found)

    def _meant(self, typed: str, known: Collection[str]) -> str | None:
        """``typed`` itself, the one known code that differs by capitals only, or by leading zeros only."""
        if typed in known:
            return typed
        # Thousands of rows ask about the same collection, which only grows.
        _kept, size, folded = self._by_fold.get(id(known), (known, -1, {}))
        if size != len(known):
            folded = {}
            for code in known:
                folded[code.casefold()] = None if code.casefold() in folded else code
            self._by_fold[id(known)] = known, len(known), folded
        return folded.get(typed.casefold()) or restored(typed, known)

    def refuse_repeated(self, records: Iterable[Record], sheet: SheetFormat) -> None:
        """Two rows of a file that mean the same thing: an error on the later one, naming the earlier."""
        first: dict[Key, int] = {}
        for record in records:
            key = key_of(record, sheet)
            if key is None:
                continue
            if sheet.key == ("code",):  # nv1 and NV1 are one code
                key = tuple(str(part).casefold() for part in key)
            if key in first:
                self.error(record, sheet.key[0], "import.repeated", row=first[key])
            else:
                first[key] = record.number

    def refuse_outside(self, record: Record, column: str, *unit_codes: str | None) -> None:
        """Managers import into their own subtree only."""
        if self.scope is not None and any(code not in self.scope for code in unit_codes if code is not None):
            self.error(record, column, "import.outside_scope")

    def compare(
        self, records: Iterable[Record], sheet: SheetFormat, current: Mapping[Key, Mapping[str, Any]]
    ) -> list[RowChange]:
        """Count every row as created, updated or unchanged; answers those to write."""
        unchanged = 0
        changes, left = [], []
        for record in records:
            key = key_of(record, sheet)
            if key is None or record.bad:
                continue
            known = current.get(key)
            if known is not None and all(known.get(name) == value for name, value in record.values.items()):
                unchanged += 1
                continue
            change = RowChange(key, record.values, known is None)
            changes.append(change)
            if known is not None and known.get("active") and record.values.get("active") is False:
                left.append(change)
        if sheet.name in self.tables.tables:
            new = [change for change in changes if change.is_new]
            changed = [change for change in changes if not change.is_new]
            names = (_named(new), _named([each for each in changed if each not in left]), _named(left))
            self.counts[sheet.name] = RowCounts(len(new), len(changed), unchanged, *names)
        return changes


def _named(changes: Iterable[RowChange]) -> list[str]:
    """``Ksor H'Nhung (NV0001)``: those whose rows carry a name."""
    named = ((each.values.get("full_name") or each.values.get("name"), each.key[0]) for each in changes)
    return [f"{name} ({code})" for name, code in named if name]


def key_of(record: Record, sheet: SheetFormat) -> Key | None:
    """The row's key, or ``None`` when a part of it could not be read."""
    if any(column not in record.values for column in sheet.key):
        return None
    return tuple(record.values[column] for column in sheet.key)


def restored(typed: str, known: Collection[str]) -> str | None:
    """``typed`` itself, or the only known code that differs from it by leading zeros that a spreadsheet dropped."""
    if typed in known:
        return typed
    if not typed.isdigit():
        return None
    alike = [code for code in known if code.isdigit() and code.lstrip("0") == typed.lstrip("0")]
    return alike[0] if len(alike) == 1 else None
