"""PURE What the columns of import sheets are called in Vietnamese: beside the codes in the template, read as well."""

from __future__ import annotations

import re

from core import text

TITLES = {
    "units.code": "Mã đơn vị",
    "units.parent_code": "Mã đơn vị cấp trên",
    "units.name": "Tên đơn vị",
    "units.kind": "Loại đơn vị",
    "code": "Mã nhân viên",
    "person_code": "Mã nhân viên",
    "other_code": "Mã người kia",
    "unit_code": "Mã đơn vị",
    "full_name": "Họ và tên",
    "position": "Chức vụ",
    "email": "Thư điện tử",
    "phone": "Điện thoại",
    "address": "Địa chỉ",
    "serves_party_state": "Phục vụ Đảng, Nhà nước",
    "duties": "Loại trực được phân công",
    "max_shifts": "Số ca nhiều nhất",
    "min_shifts": "Số ca ít nhất",
    "no_night": "Không trực đêm",
    "active": "Đang làm việc",
    "work_pattern": "Chế độ làm việc",
    "overtime_month": "Giờ đã làm thêm trong tháng",
    "overtime_year": "Giờ đã làm thêm trong năm",
    "skills": "Kỹ năng",
    "share": "Tỷ lệ thời gian làm việc",
    "no_overtime": "Không làm thêm giờ",
    "limits": "Mức riêng theo quy tắc",
    "from": "Từ ngày",
    "to": "Đến ngày",
    "absences.kind": "Lý do vắng",
    "note": "Ghi chú",
    "duty": "Loại trực",
    "phase": "Giai đoạn",
    "shift": "Tên ca",
    "start": "Giờ bắt đầu",
    "hours": "Số giờ",
    "headcount": "Số người",
    "form": "Hình thức trực",
    "replaces_work": "Thay giờ làm việc",
    "legal_ground": "Căn cứ trực quá 12 giờ",
    "wanted": "Số người mong muốn",
    "pairs.kind": "Trực cùng hay tách",
    "date": "Ngày",
    "want": "Muốn trực hay nghỉ",
    "weight": "Mức độ mong muốn",
    "tet_year": "Năm của Tết",
    "points": "Điểm trực",
    "giao_thua": "Số đêm Giao thừa",
    "mung_1": "Số lần Mùng 1",
    "nights": "Số ca đêm",
}
"""``column``, or ``sheet.column`` where a sheet calls it otherwise."""
_CODE = re.compile(r"\((\w+)\)$")


def title_of(sheet: str, column: str) -> str:
    """The Vietnamese name; the code itself where there is none."""
    return TITLES.get(f"{sheet}.{column}") or TITLES.get(column, column)


def heading(sheet: str, column: str) -> str:
    """``Họ và tên (full_name)``: what the template writes."""
    return f"{title_of(sheet, column)} ({column})"


def meant(sheet: str, columns: list[str], typed: str) -> str:
    """The column that a heading names: by its code, by its Vietnamese name, or by both; else what was typed.

    ``typed`` is folded, with underscores for blanks.
    """
    if typed in columns:
        return typed
    beside = _CODE.search(typed)
    if beside is not None and beside[1] in columns:
        return beside[1]
    return next((each for each in columns if _folded(title_of(sheet, each)) == typed), typed)


def _folded(title: str) -> str:
    return "_".join(text.fold(title).replace("-", " ").split())
