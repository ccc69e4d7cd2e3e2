"""Forms made of the columns of a thing: a class to derive from, and the way from its data to values and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wtforms.fields.core import UnboundField

from core.forms import Form
from people.columns.column import FormField, SheetColumn, SheetFormat


def form_of(sheet: SheetFormat, *, page: str = "") -> Any:
    """The fields that the sheet asks for. ``page``: columns in the order of the page, where it is another than that of
    files; faults are told in it. Columns that are not named come last.
    """
    place = {name: rank for rank, name in enumerate(page.split())}
    wanted = sorted(_asked(sheet), key=lambda each: place.get(each[0].name, len(place)))
    fields = {asked.name or column.name: _again(asked) for column, asked in wanted}
    aliases = {column.name: asked.name for column, asked in wanted if asked.name}
    return type(f"Columns_{sheet.name}", (Form,), {"aliases": aliases, **fields})


def _again(asked: FormField) -> UnboundField:
    """A field of its own: WTForms puts fields in the order in which they were made."""
    return UnboundField(asked.field.field_class, *asked.field.args, **asked.field.kwargs)


def said(sheet: SheetFormat, form: Any) -> dict[str, Any]:
    """Return what the form says, by column. Raises what ``FormField.take`` raises."""
    return {column.name: asked.take(form[asked.name or column.name].data) for column, asked in _asked(sheet)}


def show(sheet: SheetFormat, form: Any, row: Any) -> None:
    """Fill the fields with what a row keeps."""
    for name, kept in sheet.known(row).items():
        asked = sheet[name].asked
        if asked is not None:
            form[asked.name or name].data = asked.show(kept)


def _asked(sheet: SheetFormat) -> Iterator[tuple[SheetColumn, FormField]]:
    for column in sheet.columns:
        if column.asked is not None:
            yield column, column.asked
