"""The page of the points table: what its form shows and what was typed into it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from core.errors import FieldError
from roster.days import points_table
from roster.rulebook.forms import Box, number, parsed

FACTOR_NAMES: dict[str, Any] = {
    "ordinary": _l("Ngày thường"),
    "weekly_rest": _l("Nghỉ hằng tuần"),
    "substitute": _l("Nghỉ bù"),
    "holiday": _l("Lễ, Tết"),
    "night": _l("Ban đêm (22:00–06:00)"),
    "giao_thua_night": _l("Đêm Giao thừa (18:00–06:00)"),
    "mung_1": _l("Mùng 1"),
    "mung_2_3": _l("Mùng 2, Mùng 3"),
    "onsite": _l("Trực tại chỗ"),
    "standby": _l("Trực tại nhà (sẵn sàng)"),
    "command": _l("Chỉ đạo, điều hành"),
}
FACTOR_GROUPS = (
    (_l("Điểm mỗi giờ theo loại ngày"), ("ordinary", "weekly_rest", "substitute", "holiday")),
    (_l("Nhân thêm khi"), ("night", "giao_thua_night", "mung_1", "mung_2_3")),
    (_l("Nhân theo hình thức trực"), ("onsite", "standby", "command")),
)


def read_points(form: Mapping[str, str]) -> tuple[dict[str, int], dict[str, str]]:
    """Hundredths by factor, and sentences about what is no number; a blank leaves the factor."""
    values, faults = {}, {}
    for name in points_table.FACTORS:
        text = form.get(name, "").strip()
        try:
            if text:
                values[name] = round(parsed(text) * 100)
        except ValueError:
            faults[name] = FieldError(name, "rules.not_number").message()
    return values, faults


def shown(typed: Mapping[str, str], faults: Mapping[str, str]) -> list[tuple[str, list[Box]]]:
    """The inputs of the points table by heading."""
    rows = {row.name: row for row in points_table.rows()}
    return [
        (
            str(title),
            [
                Box(
                    name,
                    str(FACTOR_NAMES[name]),
                    typed.get(name, number(rows[name].value / 100)),
                    _("mặc định %(value)s", value=number(rows[name].default / 100)),
                    faults.get(name, ""),
                )
                for name in names
            ],
        )
        for title, names in FACTOR_GROUPS
    ]
