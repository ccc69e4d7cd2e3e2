"""The columns of absences."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired

from core.forms import DayField, choices
from people.columns import kinds
from people.columns.asking import LINE, REQUIRED
from people.columns.column import REQUIRED_IN_API, FormField, SheetColumn, SheetFormat
from people.columns.json_types import Short
from people.models import ABSENCE_KINDS

ABSENCE_NAMES = {
    "annual_leave": _l("Nghỉ phép"),
    "sick": _l("Ốm"),
    "travel": _l("Công tác"),
    "training": _l("Đào tạo"),
    "other": _l("Lý do khác"),
}

ABSENCES = SheetFormat(
    "absences",
    _l("Nghỉ phép, nghỉ ốm, đi công tác, đi học: những ngày không xếp ca."),
    ("person_code", "from", "to"),
    (
        SheetColumn(
            "person_code",
            "Mã nhân viên",
            kinds.CODE,
            _l("Mã nhân viên."),
            required=True,
            example="NV0001",
            stored=None,
        ),
        SheetColumn(
            "from",
            "Từ ngày",
            kinds.DAY,
            _l("Ngày vắng đầu tiên."),
            required=True,
            example="24/01/2020",
            stored="from_on",
            asked=FormField(DayField(_l("Từ ngày"), [InputRequired(REQUIRED)]), "from_on"),
        ),
        SheetColumn(
            "to",
            "Đến ngày",
            kinds.DAY,
            _l("Ngày vắng cuối cùng (tính cả ngày này), không quá 366 ngày."),
            required=True,
            example="28/01/2020",
            stored="to_on",
            asked=FormField(DayField(_l("Đến hết ngày"), [InputRequired(REQUIRED)]), "to_on"),
        ),
        SheetColumn(
            "kind",
            "Lý do vắng",
            kinds.choice(ABSENCE_KINDS),
            _l("Lý do; trống = other."),
            default="other",
            example="annual_leave",
            api_default=REQUIRED_IN_API,
            asked=FormField(
                SelectField(_l("Lý do"), choices=choices((kind, ABSENCE_NAMES[kind]) for kind in ABSENCE_KINDS))
            ),
        ),
        SheetColumn(
            "note",
            "Ghi chú",
            kinds.line(1000, takes=Short),
            _l("Ghi chú."),
            asked=FormField(StringField(_l("Ghi chú"), [LINE]), take=lambda data: data or ""),
        ),
    ),
)
