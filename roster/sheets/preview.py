"""What the preview of a sheet shows: the grid as it was read, what does not fit by address, and what would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from core.i18n import dm, named
from people import queries as people
from roster.sheets import codes
from roster.sheets.layout import LOOKED_AT
from roster.sheets.names import Match
from roster.sheets.reading import Looked, SheetContext
from roster.sheets.seating import At
from roster.sheets.services import JudgedSheet
from roster.sheets.words import SheetWords, address, letters

ROWS = 80
"""People whose rows are shown; what does not fit is listed whatever row it is in."""
LISTED = 300
PICKED = 300
"""Rows whose person can be chosen at once; those of which nobody knows whose they are come first."""
OPTIONS = 12_000
"""Of all choices among everybody: with a thousand people for each of a thousand rows a page would have 60 MB."""
LONGEST_ROW = 50
"""Characters of a row that are shown to choose by."""
MOST_PLACES = 11
"""Addresses that are named beside the first."""


@dataclass(frozen=True)
class SheetTrouble:
    """``at``: "Ô F12, K12", or "Dòng 12"."""

    at: str
    cell: str
    text: str


@dataclass(frozen=True)
class CellShown:
    text: str
    css: str
    said: str


@dataclass(frozen=True)
class RowShown:
    match: Match
    cells: tuple[CellShown, ...]


@dataclass(frozen=True)
class SheetPreview:
    words: SheetWords
    rows: tuple[RowShown, ...]
    more_rows: int
    troubles: tuple[SheetTrouble, ...]
    more_troubles: int
    passed: tuple[str, ...]
    """Columns of which nothing is taken, each with its cells."""
    left: int
    """Cells that somebody leaves out."""
    changes: tuple[str, ...]
    more_changes: int
    come: int
    gone: int
    columns: tuple[tuple[int, str], ...]
    """(number, letters and heading) of the columns that may hold names or codes."""
    head_rows: tuple[tuple[int, str], ...]
    """(number, beginning) of the rows that may hold the days."""
    sheets: tuple[tuple[int, str], ...]
    picked: tuple[Match, ...]
    """Rows whose person somebody has to look at: not sure, or only alike without marks."""
    more_picked: int
    among_all: int
    """How many of these are chosen among everybody; the others among those who are nearly called so."""


def build_preview(looked: Looked, judged: JudgedSheet, titles: Sequence[str]) -> SheetPreview:
    words = SheetWords(looked)
    listed = list(_together(_troubles(looked, words)))
    changes = looked.laid.changes
    sure = [each for each in looked.matches if each.person is not None]
    picked = [each for each in looked.matches if each.how not in ("code", "exact")]
    picked.sort(key=lambda each: each.person is not None or each.how == "skipped")
    return SheetPreview(
        words=words,
        rows=tuple(_rows(looked, judged, sure[:ROWS])),
        more_rows=max(0, len(sure) - ROWS),
        troubles=tuple(listed[:LISTED]),
        more_troubles=max(0, len(listed) - LISTED),
        passed=tuple(_passed(looked)),
        left=sum(each.why == "left" for each in looked.laid.misfits),
        changes=tuple(_changes(looked, words))[:LISTED],
        more_changes=max(0, len(changes) - LISTED),
        come=sum(each.person is not None for each in changes),
        gone=sum(each.person is None for each in changes),
        columns=tuple(_columns(looked)),
        head_rows=tuple(_head_rows(looked)),
        sheets=tuple((number, title or str(number + 1)) for number, title in enumerate(titles)),
        picked=tuple(picked[:PICKED]),
        more_picked=max(0, len(picked) - PICKED),
        among_all=max(1, OPTIONS // max(1, len(looked.ground.person))),
    )


def troubles(looked: Looked) -> tuple[SheetTrouble, ...]:
    """Return what of a sheet cannot be read or seated, by address."""
    return tuple(_together(_troubles(looked, SheetWords(looked))))[:LISTED]


def legend(against: SheetContext) -> list[tuple[str, str, str]]:
    """(code, kind of duty, shift) of everything that may be written."""
    kinds = {kind.code: named(kind) for kind in people.duty_kinds()}
    written = codes.written(against.pairs, against.kinds)
    return [(code, kinds.get(pair.duty, pair.duty), pair.template) for pair, code in written.items()]


def _troubles(looked: Looked, words: SheetWords) -> Iterable[SheetTrouble]:
    """Cell by cell."""
    for match in looked.unknown:
        name = match.line.name or match.line.code
        yield SheetTrouble(_("Dòng %(n)s", n=match.line.number + 1), name, words.line(match))
    for each in looked.laid.misfits:
        if each.why not in ("left", "code"):
            yield SheetTrouble(_("Ô %(at)s", at=address(each.at)), _text(looked, each.at), words.misfit(each))
    for meaning in looked.unread_codes:
        said = _("chưa biết “%(code)s” là ca gì (%(n)s ô): chọn ở phần Ký hiệu.", code=meaning.code, n=meaning.count)
        yield SheetTrouble(_("Ô %(at)s", at=address(meaning.at)), meaning.code, said)
    for at in looked.layout.stray:
        said = _("cột này không phải ngày nào của đợt trực: chọn ngày cho cột %(column)s.", column=letters(at[1]))
        yield SheetTrouble(_("Ô %(at)s", at=address(at)), _text(looked, at), said)
    for at in looked.drawn.broken:
        said = _("ô báo lỗi công thức: sửa trong tệp rồi gửi lại.")
        yield SheetTrouble(_("Ô %(at)s", at=address(at)), _text(looked, at), said)


def _passed(looked: Looked) -> Iterable[str]:
    """Column by column: what is in it, and where."""
    for column, rows in looked.layout.passed.items():
        heading = _text(looked, (looked.layout.header or 0, column))
        facts = {"column": letters(column), "heading": heading, "n": len(rows), "cells": ", ".join(_runs(column, rows))}
        if heading:
            yield _("Cột %(column)s “%(heading)s”: %(n)s ô không lấy (%(cells)s)", **facts)
        else:
            yield _("Cột %(column)s: %(n)s ô không lấy (%(cells)s)", **facts)


def _runs(column: int, rows: Sequence[int]) -> Iterable[str]:
    """ "C8–C12" for cells below each other."""
    first = last = rows[0]
    for row in (*rows[1:], None):
        if row == last + 1:
            last = row
            continue
        said = address((first, column))
        yield said if first == last else f"{said}–{address((last, column))}"
        if row is not None:
            first = last = row


def _together(some: Iterable[SheetTrouble]) -> Iterable[SheetTrouble]:
    """What is wrong in the same way in several cells is said once, with all their addresses."""
    alike = dict[tuple[str, str], list[str]]()
    for each in some:
        alike.setdefault((each.cell, each.text), []).append(each.at)
    for (cell, said), places in alike.items():
        first, *more = places
        shown = ", ".join([first, *(place.rpartition(" ")[2] for place in more[:MOST_PLACES])])
        rest = len(more) - MOST_PLACES
        yield SheetTrouble(shown if rest <= 0 else _("%(places)s và %(n)s ô nữa", places=shown, n=rest), cell, said)


def _rows(looked: Looked, judged: JudgedSheet, matches: Iterable[Match]) -> Iterable[RowShown]:
    wrong = {each.at: each for each in looked.laid.misfits}
    broken: set[At] = {at for breach in judged.breaches for at in breach.cells}
    changed = {each.at for each in looked.laid.changes if each.person is not None}
    freed = {each.at for each in looked.laid.changes if each.person is None}
    words = SheetWords(looked)
    for match in matches:
        cells = []
        for column, text in match.line.marks.items():
            at = (match.line.number, column)
            if at in wrong:
                css = "left" if wrong[at].why == "left" else "misfit"
                cells.append(CellShown(text, css, words.misfit(wrong[at])))
            elif at in broken:
                cells.append(CellShown(text, "broken", _("vi phạm quy tắc")))
            elif at in changed:
                cells.append(CellShown(text, "new", _("mới")))
            elif at in freed:
                cells.append(CellShown(text or "×", "freed", _("bỏ ca đang có")))
            else:
                cells.append(CellShown(text, "", ""))
        yield RowShown(match, tuple(cells))


def _changes(looked: Looked, words: SheetWords) -> Iterable[str]:
    person: Mapping[int, str] = {each.id: each.name for each in looked.ground.taken.problem.staff}
    shift_of = looked.ground.taken.problem.shift_of
    for each in looked.laid.changes:
        facts = {
            "at": _("Ô %(at)s", at=address(each.at)) if each.at else _("Theo bảng"),
            "day": dm(shift_of[each.shift].local_date),
            "shift": words.shift(each.shift),
            "who": person.get(each.person or 0, ""),
            "was": person.get(each.was or 0, ""),
        }
        if each.person is None:
            yield _("%(at)s: bỏ %(was)s khỏi %(shift)s ngày %(day)s", **facts)
        elif each.was is None:
            yield _("%(at)s: %(who)s vào %(shift)s ngày %(day)s", **facts)
        else:
            yield _("%(at)s: %(who)s thay %(was)s ở %(shift)s ngày %(day)s", **facts)


def _columns(looked: Looked) -> Iterable[tuple[int, str]]:
    header = looked.layout.header
    if header is None:
        return
    row = looked.drawn.rows[header]
    wide = max(map(len, looked.drawn.rows[header:]), default=0)
    dated = looked.layout.days
    for number in range(wide):
        if number not in dated:
            heading = row[number] if number < len(row) else ""
            yield number, f"{letters(number)} · {heading}" if heading else letters(number)


def _head_rows(looked: Looked) -> Iterable[tuple[int, str]]:
    for number, row in enumerate(looked.drawn.rows[:LOOKED_AT]):
        said = " | ".join(cell for cell in row if cell)
        yield number, f"{number + 1} · {said if len(said) <= LONGEST_ROW else f'{said[:LONGEST_ROW]}…'}"


def _text(looked: Looked, at: At) -> str:
    row = looked.drawn.rows[at[0]] if at[0] < len(looked.drawn.rows) else []
    return row[at[1]] if at[1] < len(row) else ""
