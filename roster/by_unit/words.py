"""What units × days says in words: marks, states of lists, and the whole of a row for those who hear it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _, ngettext

from core.i18n import counted, dm
from roster.by_unit.beside import UnsurePerson
from roster.by_unit.cells import UnitCell
from roster.by_unit.reading import UnitState
from roster.by_unit.tree import Node
from roster.coverage import words as coverage_words

MARKS = {"missing": "gap", "unsure": "risk", "unlisted": "noinfo", "waiting": "unc", "full": "f", "none": ""}
"""Mark → the class that draws it."""


@dataclass(frozen=True)
class CellStyle:
    """``css``: how a cell is drawn; ``text``: what stands in it; ``said``: the same in words."""

    css: str
    text: str
    said: str


def look(cell: UnitCell) -> CellStyle:
    mark = cell.mark
    text = {
        "missing": f"−{counted(cell.missing)}",
        "unsure": f"?{counted(cell.unsure)}",
        "unlisted": "–",
        "waiting": str(counted(cell.waiting)),
    }.get(mark, "")
    said = ", ".join(troubles(cell)) or (_("đủ") if mark == "full" else "")
    return CellStyle(MARKS[mark], text, said)


class DrawnPage:
    """Cells and rows of one page: most days of most units are alike, so each kind is put in words once."""

    def __init__(self, days: Sequence[date]) -> None:
        self._days = [dm(day) for day in days]
        self._known: dict[UnitCell, CellStyle] = {}

    def cells(self, node: Node) -> list[CellStyle]:
        return [self._known.get(each) or self._known.setdefault(each, look(each)) for each in node.cells]

    def row(self, node: Node, found: UnitState | None) -> str:
        """All that a row says, for its accessible name: what is well is not read out day by day."""
        told = zip(self._days, node.cells, self.cells(node), strict=True)
        by_day = [f"{day} {drawn.said}" for day, cell, drawn in told if cell.missing or cell.unsure or cell.waiting]
        return "; ".join([", ".join(_parts(node, found)), *by_day])


def troubles(cell: UnitCell) -> Iterator[str]:
    if cell.missing:
        yield _("thiếu %(n)s", n=cell.missing)
    if cell.unsure:
        yield _("không chắc %(n)s", n=cell.unsure)
    if cell.unlisted:
        yield _("chưa có lịch") if cell.unlisted == 1 else _("%(n)s đơn vị chưa có lịch", n=cell.unlisted)
    if cell.waiting:
        yield _("chưa xác nhận %(n)s", n=cell.waiting)


def name(node: Node) -> str:
    if node.kind == "own":
        return _("Riêng %(name)s", name=node.unit.name) if node.unit else ""
    if node.unit is not None:
        return node.unit.name
    if node.said.asked and node.said.confirmed == node.said.asked:
        return ngettext("%(num)s đơn vị đủ người, đã xác nhận", "%(num)s đơn vị đủ người, đã xác nhận", node.wanting)
    return ngettext("%(num)s đơn vị đủ người", "%(num)s đơn vị đủ người", node.wanting)


def units(number: int) -> str:
    return ngettext("%(num)s đơn vị", "%(num)s đơn vị", number)


def state(found: UnitState) -> tuple[str, str]:
    """(words, colour of the badge) of how far the list of a unit is."""
    if found.standing == "published":
        return _("Bản %(n)s", n=found.revision), "green"
    if found.standing == "submitted":
        return _("Trình ký"), "blue"
    if found.sending in ("waiting", "returned"):
        return _("Chưa gửi"), "red"
    if found.sending == "sent":
        return _("Đã gửi, chờ ghép"), "blue"
    if found.standing == "draft":
        return _("Dự thảo"), "line"
    return (_("Chưa xếp") if found.standing == "empty" else _("Chưa có ca")), "red"


def why(each: UnsurePerson, now: datetime) -> str:
    """Why nobody can be sure of that seat; why somebody is away is nobody's business."""
    return coverage_words.why(each.doubt, now)


def _parts(node: Node, found: UnitState | None) -> Iterator[str]:
    yield name(node)
    if found is not None:
        yield state(found)[0]
        if found.changed:
            yield _("dự thảo khác %(n)s ca", n=found.changed)
    elif node.unit is not None:
        yield units(node.wanting)
    yield from troubles(node.total) if node.total.mark != "full" else [_("đủ người")]
    if node.said.asked:
        yield _("%(n)s trên %(all)s lượt đã xác nhận", n=node.said.confirmed, all=node.said.asked)
