"""What is said of a sheet that was read: addresses of cells, what does not fit and what to do, meanings of codes."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from core.i18n import d, dm, named
from people import queries as people
from roster.sheets import codes
from roster.sheets.codes import NOTHING
from roster.sheets.layout import LayoutColumn
from roster.sheets.names import Match
from roster.sheets.reading import Looked, SheetContext
from roster.sheets.seating import At, SheetMisfit


def letters(column: int) -> str:
    """0 → A, 27 → AB."""
    found = ""
    while column >= 0:
        found = chr(ord("A") + column % 26) + found
        column = column // 26 - 1
    return found


def address(at: At) -> str:
    return f"{letters(at[1])}{at[0] + 1}"


def shift_names(against: SheetContext) -> dict[int, str]:
    """Shift id → its kind and its name, without its day."""
    kinds = {kind.code: named(kind) for kind in people.duty_kinds()}
    return {each.id: f"{kinds.get(each.duty, each.duty)} · {each.template}" for each in against.draft.shifts}


class SheetWords:
    """Sentences about one sheet; kinds of duty by their names."""

    def __init__(self, looked: Looked) -> None:
        self._looked = looked
        self._kinds = {kind.code: named(kind) for kind in people.duty_kinds()}
        self._shift = looked.ground.taken.problem.shift_of
        self._person = {person.id: person.name for person in looked.ground.taken.problem.staff}

    def at(self, cells: Sequence[At]) -> str:
        return ", ".join(address(each) for each in cells)

    def letters(self, column: int) -> str:
        return letters(column)

    def meaning(self, means: str) -> str:
        if means == NOTHING:
            return _("Không phải ca trực (bỏ qua)")
        duty, template = codes.split(means)
        if not duty:
            return _("Ca %(shift)s, loại nào người ấy trực", shift=template)
        kind = self._kinds.get(duty, duty)
        return f"{kind} · {template}" if template else _("%(kind)s, ca nào có ngày ấy", kind=kind)

    def shift(self, shift_id: int) -> str:
        shift = self._shift[shift_id]
        said = f"{self._kinds.get(shift.duty, shift.duty)} · {shift.template}"
        person_units = {each.unit for each in self._looked.ground.draft.shifts}
        return f"{said} @{shift.unit}" if len(person_units) > 1 else said

    def misfit(self, each: SheetMisfit) -> str:
        """Why, and what to do."""
        facts = {"code": each.code, "who": self._person.get(each.person, ""), "day": dm(each.on)}
        shifts = "; ".join(dict.fromkeys(self.shift(shift) for shift in each.shifts))
        if each.why == "code":
            return _("chưa biết “%(code)s” là ca gì: chọn ở phần Ký hiệu.", **facts)
        if each.why == "none":
            return _("ngày %(day)s không có ca nào như “%(code)s”: sửa ký hiệu hoặc ngày của cột.", **facts)
        if each.why == "unable":
            return _(
                "%(who)s không trực được %(shifts)s: sửa loại trực của người ấy, hoặc chọn người khác.",
                shifts=shifts,
                **facts,
            )
        if each.why == "which":
            return _(
                "“%(code)s” hợp nhiều ca: %(shifts)s. Chọn nghĩa ở phần Ký hiệu, hoặc ghi thêm @mã đơn vị.",
                shifts=shifts,
                **facts,
            )
        if each.why == "full":
            holders = ", ".join(self._person.get(person, "") for person in each.people)
            return _(
                "%(shifts)s đã đủ người (%(holders)s): bỏ bớt một người rồi đọc lại.", shifts=shifts, holders=holders
            )
        if each.why == "past":
            return _("ca đã qua và đã ban hành, không sửa được nữa.")
        return _("đồng chí đã để ô này lại.")

    def line(self, each: Match) -> str:
        """Why nobody knows whose row it is."""
        name = each.line.name or each.line.code
        if each.how == "several":
            return _("%(n)s người tên “%(name)s”: chọn người, hoặc ghi mã vào tệp.", n=len(each.offered), name=name)
        if each.how == "clash":
            return _(
                "mã %(code)s là của %(who)s, không phải “%(name)s”: chọn đúng người.",
                code=each.line.code,
                who=each.offered[0].name,
                name=name,
            )
        if not name:
            return _("dòng có ký hiệu mà không có tên: chọn người, hoặc bỏ dòng này.")
        return _("không có ai tên “%(name)s” trong đợt trực: chọn người, hoặc bỏ dòng này.", name=name)

    def column(self, each: LayoutColumn) -> str:
        """Return what is odd about the day that was read; empty: nothing."""
        on = d(each.on) if each.on else ""
        said = {
            "year": _("năm khác đợt trực, hiểu là %(day)s", day=on),
            "turned": _("ngày và tháng đảo nhau, hiểu là %(day)s", day=on),
            "weekday": _("thứ không khớp ngày") if each.on else _("không có ngày ấy đúng thứ này"),
            "clash": _("trùng hoặc mâu thuẫn với cột khác: chọn ngày"),
            "outside": _("ngoài đợt trực"),
            "bare": _("có thể là ngày âm lịch: chọn ngày"),
            "blank": "" if on else _("đầu cột trống: chọn ngày"),
        }
        return said.get(each.note, "")
