"""What is wrong with an imported file, and exactly where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from core.errors import FieldError, render

SHOWN = 80


@dataclass(frozen=True)
class ImportFault:
    """``row`` is counted as a spreadsheet does (the header is 1; 0 = the whole file); ``column`` may be empty.

    ``value`` is what was typed, shortened; ``code`` and ``params`` render to a sentence that says what is expected.
    """

    file: str
    row: int
    column: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    value: str = ""

    def message(self) -> str:
        """Return what is expected and what to do, in the reader's language; with the nearest known word when there is
        one."""
        return _sentence(self.code, self.params)

    def line(self) -> str:
        """One line for a terminal: ``people.csv:4:duties: …``."""
        place = ":".join(str(part) for part in (self.file, self.row or "", self.column) if part)
        return f"{place}: {self.message()}" + (f" [{self.value}]" if self.value else "")

    def as_field_error(self) -> FieldError:
        """For problem+json, where ``file``, ``row`` and ``column`` are members of the error."""
        place = {"file": self.file, "row": self.row, "column": self.column, "value": self.value}
        name = ":".join(str(part) for part in (self.file, self.row or "", self.column) if part)
        return _PlacedError(name, self.code, place, told=self)

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "code": self.code,
            "message": self.message(),
        }


@dataclass(frozen=True)
class _PlacedError(FieldError):
    """``params`` is the place; the sentence keeps its own, which may speak of another row."""

    told: ImportFault | None = None

    def message(self) -> str:
        return self.told.message() if self.told else super().message()


def _sentence(code: str, params: Mapping[str, Any]) -> str:
    near = params.get("near")
    return render(code, params) + (f" {render('import.hint_near', {'near': near})}" if near else "")


def shown(value: str) -> str:
    """A typed value that is safe to show: one line, at most 80 characters, unprintable ones made visible."""
    visible = "".join(c if c.isprintable() else ("␀" if c == "\x00" else " ") for c in value)
    return visible if len(visible) <= SHOWN else visible[: SHOWN - 1] + "…"


def lines(faults: Iterable[ImportFault]) -> Iterator[str]:
    """For a terminal: those that differ by their row alone are one line, which says how many they are."""
    alike: dict[tuple[str, str, str, str], list[ImportFault]] = {}
    for each in faults:
        alike.setdefault((each.file, each.column, each.value, each.message()), []).append(each)
    for first, *others in alike.values():
        more = _("(và %(count)s dòng khác như vậy)", count=len(others)) if others else ""
        yield f"{first.line()} {more}".rstrip()
