"""What somebody said of a sheet that was read: which row, which day, which person, which code; kept with the sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from roster.sheets.layout import ChosenLayout

Blank = Literal["keep", "shift", "free"]
"""What a cell with nothing in it means: nothing is said of that person's day; the same, but a shift that is named in
the sheet is held by those who are named, and by nobody else; or that person does not serve that day."""
BLANKS: tuple[Blank, ...] = ("keep", "shift", "free")


@dataclass(frozen=True)
class SheetChoices:
    """Rows and columns from 0. ``left``: cells that are left out."""

    sheet: int = 0
    header: int | None = None
    name: int | None = None
    code: int | None = None
    columns: Mapping[int, date | None] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    blank: Blank = "keep"
    left: frozenset[tuple[int, int]] = frozenset()
    reason: str = ""
    """Why rules that it breaks are broken; kept as it was typed, also where it was refused."""

    @property
    def layout(self) -> ChosenLayout:
        return ChosenLayout(self.header, self.name, self.code, self.columns)

    def for_sheet(self, sheet: int, blank: Blank) -> SheetChoices:
        """On another sheet other things stand elsewhere; what its codes mean is the same."""
        return SheetChoices(sheet=sheet, codes=self.codes, blank=blank)

    def below(self, header: int | None) -> SheetChoices:
        """Return the choices with the days in another row: what was said of columns and rows holds no more."""
        return replace(self, header=header, columns={}, people={}, left=frozenset())

    def as_plain(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "header": self.header,
            "name": self.name,
            "code": self.code,
            "columns": {str(number): day.isoformat() if day else "" for number, day in self.columns.items()},
            "codes": dict(self.codes),
            "people": {str(row): code for row, code in self.people.items()},
            "blank": self.blank,
            "left": sorted(self.left),
            "reason": self.reason,
        }


def from_plain(kept: Mapping[str, Any]) -> SheetChoices:
    return SheetChoices(
        kept["sheet"],
        kept["header"],
        kept["name"],
        kept["code"],
        {int(number): date.fromisoformat(day) if day else None for number, day in kept["columns"].items()},
        kept["codes"],
        {int(row): code for row, code in kept["people"].items()},
        kept["blank"],
        frozenset((row, column) for row, column in kept["left"]),
        kept["reason"],
    )
