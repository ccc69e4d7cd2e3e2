"""What the preview of a sheet sends: the choices that were made there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from werkzeug.datastructures import MultiDict

from core.calendar import dates
from roster.sheets import codes
from roster.sheets.choices import BLANKS, SheetChoices
from roster.sheets.export import is_ours
from roster.sheets.reading import Looked

Form = MultiDict[str, str]


def first_choices(title: str) -> SheetChoices:
    """A sheet of ours says of every cell what is in it; of other sheets nobody knows what an empty one means."""
    return SheetChoices(blank="free" if is_ours(title) else "keep")


def chosen(form: Form, before: SheetChoices, looked: Looked, titles: list[str]) -> SheetChoices:
    """``before`` with what was sent; what cannot be read stays as it was. Another sheet, or another row of days, makes
    what was said of the rest void."""
    sheet = form.get("sheet", before.sheet, type=int)
    if sheet != before.sheet and 0 <= sheet < len(titles):
        return before.for_sheet(sheet, first_choices(titles[sheet]).blank)
    header = _number(form, "header", before.header, len(looked.drawn.rows))
    if header is not None and header != looked.layout.header:
        return before.below(header)
    wide = max(map(len, looked.drawn.rows), default=0)
    name = _number(form, "name", before.name, wide)
    code = _number(form, "code", before.code, wide)
    return replace(
        before,
        header=before.header,
        name=name if name != looked.layout.name else before.name,
        code=code if code != looked.layout.code else before.code,
        columns={**before.columns, **_columns(form, looked)},
        codes={**before.codes, **_codes(form, looked)},
        people={**before.people, **_people(form, looked)},
        reason=form.get("reason", before.reason),
        blank=next((each for each in BLANKS if each == form.get("blank")), before.blank),
    )


def _number(form: Form, field: str, before: int | None, below: int) -> int | None:
    found = form.get(field, None, type=int)
    return before if found is None or not 0 <= found < below else found


def _columns(form: Form, looked: Looked) -> dict[int, date | None]:
    """Only those that are not as they were read."""
    found = dict[int, date | None]()
    for column in looked.layout.columns:
        typed = form.get(f"column-{column.number}")
        if typed is None:
            continue
        day = dates.day(typed) if typed else None
        if day != column.on and (day is None or day in looked.ground.days):
            found[column.number] = day
    return found


def _codes(form: Form, looked: Looked) -> dict[str, str]:
    possible = {*codes.offered(looked.ground.pairs), ""}
    sent = dict[str, str]()
    for number, (code, meaning) in enumerate(looked.meanings.items()):
        typed = form.get(f"code-{number}")
        # The number is of the list as it was shown; the code beside it says whether it still is.
        if form.get(f"code-{number}-is") == code and typed in possible and typed != meaning.means:
            sent[code] = typed or ""
    return sent


def _people(form: Form, looked: Looked) -> dict[int, str]:
    found = dict[int, str]()
    shown: Mapping[int, str] = {each.line.number: each.person.code if each.person else "" for each in looked.matches}
    for row, before in shown.items():
        typed = form.get(f"person-{row}")
        if typed is not None and typed != before:
            found[row] = typed.strip()
    return found
