"""The columns of people."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FloatField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from people import limits, skills
from people.columns import kinds
from people.columns.asking import LINE, REQUIRED
from people.columns.column import KEEP, FormField, SheetColumn, SheetFormat
from people.columns.json_types import Hours, Short

_OVERTIME = kinds.hours(0, 8784, Hours, digits=2)


def _hours_asked(label: Any, most: int) -> FormField:
    return FormField(FloatField(label, [Optional(), NumberRange(0, most)]), show=_shown_hours)


def _shown_hours(minutes: int | None) -> float | None:
    return None if minutes is None else _OVERTIME.give(minutes)


_WHO = (
    SheetColumn(
        "code",
        "Mã nhân viên",
        kinds.CODE,
        _l("Mã nhân viên, không trùng trong doanh nghiệp."),
        required=True,
        example="NV0001",
        asked=FormField(StringField(_l("Mã nhân viên"), [InputRequired(REQUIRED), Length(max=40)])),
    ),
    SheetColumn(
        "full_name",
        "Họ và tên",
        kinds.line(),
        _l("Họ và tên."),
        required=True,
        example="Ksor H’Nhung",
        asked=FormField(StringField(_l("Họ và tên"), [InputRequired(REQUIRED), LINE])),
    ),
    SheetColumn(
        "unit_code",
        "Mã đơn vị",
        kinds.CODE,
        _l("Mã đơn vị đang làm việc."),
        required=True,
        example="BDX-H01",
        stored=None,
        asked=FormField(SelectField(_l("Đơn vị"))),
    ),
    SheetColumn(
        "position",
        "Chức vụ",
        kinds.line(takes=Short),
        _l("Chức vụ."),
        example="Kiểm soát viên",
        asked=FormField(StringField(_l("Chức vụ"), [LINE])),
    ),
    SheetColumn(
        "email",
        "Thư điện tử",
        kinds.EMAIL,
        _l("Thư điện tử; ô trống giữ nguyên địa chỉ đang có."),
        default=KEEP,
        example="nhung@buudien.example",
        stored=None,
        api_default="",
        personal=True,
        asked=FormField(StringField(_l("Thư điện tử"), [LINE])),
    ),
    SheetColumn(
        "phone",
        "Điện thoại",
        kinds.PHONE,
        _l("Điện thoại di động; ô trống giữ nguyên số đang có."),
        default=KEEP,
        example="0900 000 001",
        stored=None,
        api_default="",
        personal=True,
        asked=FormField(StringField(_l("Điện thoại di động"), [LINE])),
    ),
)
_WORK = (
    SheetColumn(
        "duties",
        "Loại trực được phân công",
        kinds.several("duty_kinds", "import.unknown_duty"),
        _l("Loại trực được phân công, cách nhau bằng dấu chấm phẩy."),
        default=(),
        example="operations;emergency",
        stored=None,
        asked=FormField(
            SelectMultipleField(
                _l("Loại trực được phân công"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
            )
        ),
    ),
    SheetColumn(
        "max_shifts",
        "Số ca nhiều nhất",
        kinds.whole(0, 366),
        _l("Số ca nhiều nhất trong một đợt trực; trống = không giới hạn."),
        default=None,
        example="8",
        asked=FormField(IntegerField(_l("Số ca nhiều nhất trong một đợt"), [Optional(), NumberRange(0, 366)])),
    ),
    SheetColumn(
        "no_night",
        "Không trực đêm",
        kinds.YES_NO,
        _l("Không trực đêm tại chỗ (thai sản, con nhỏ, sức khỏe); trống = không."),
        default=False,
        example="no",
        personal=True,
        asked=FormField(BooleanField(_l("Không trực đêm tại chỗ (thai sản, con nhỏ, sức khỏe)"))),
    ),
    SheetColumn(
        "active",
        "Đang làm việc",
        kinds.YES_NO,
        _l("Đang làm việc; trống = có."),
        default=True,
        example="yes",
        asked=FormField(BooleanField(_l("Đang làm việc"), default=True)),
    ),
    SheetColumn(
        "work_pattern",
        "Chế độ làm việc",
        kinds.listed("work_patterns", "import.unknown_work_pattern"),
        _l("Giờ làm việc thường ngày; trống = shift (chỉ theo ca trực)."),
        default="shift",
        example="office5",
        asked=FormField(SelectField(_l("Chế độ làm việc"))),
    ),
    SheetColumn(
        "overtime_month",
        "Giờ đã làm thêm trong tháng",
        _OVERTIME,
        _l("Số giờ đã làm thêm trong tháng đầu của đợt trực; trống = chưa rõ."),
        default=None,
        example="12,5",
        stored="overtime_month_minutes",
        personal=True,
        asked=_hours_asked(_l("Giờ làm thêm đã có trong tháng"), 744),
    ),
    SheetColumn(
        "overtime_year",
        "Giờ đã làm thêm trong năm",
        _OVERTIME,
        _l("Số giờ đã làm thêm trong năm của đợt trực; trống = chưa rõ."),
        default=None,
        example="40",
        stored="overtime_year_minutes",
        personal=True,
        asked=_hours_asked(_l("Giờ làm thêm đã có trong năm"), 8784),
    ),
)
_OF_RULES = (
    SheetColumn(
        "skills",
        "Kỹ năng",
        kinds.SKILLS,
        _l("Kỹ năng, kinh nghiệm mà ca trực có thể cần, cách nhau bằng dấu chấm phẩy; tự đặt tên."),
        default=[],
        example="experienced;lái xe",
        asked=FormField(
            StringField(_l("Kỹ năng, kinh nghiệm"), [Length(max=900)]),
            take=lambda data: skills.split(data or ""),
            show=skills.shown,
        ),
    ),
    SheetColumn(
        "share",
        "Tỷ lệ thời gian làm việc",
        kinds.whole(1, 100),
        _l("Tỷ lệ thời gian làm việc, phần trăm; trống = 100."),
        default=100,
        example="100",
        personal=True,
        asked=FormField(
            IntegerField(_l("Tỷ lệ thời gian làm việc (%)"), [Optional(), NumberRange(1, 100)], default=100),
        ),
    ),
    SheetColumn(
        "no_overtime",
        "Không làm thêm giờ",
        kinds.YES_NO,
        _l("Không làm thêm giờ; trống = không áp dụng."),
        default=False,
        example="no",
        personal=True,
        asked=FormField(BooleanField(_l("Không làm thêm giờ"))),
    ),
    SheetColumn(
        "min_shifts",
        "Số ca ít nhất",
        kinds.whole(0, 366),
        _l("Số ca ít nhất trong một đợt trực; trống = không đặt mức."),
        default=None,
        example="2",
        asked=FormField(IntegerField(_l("Số ca ít nhất trong một đợt"), [Optional(), NumberRange(0, 366)])),
    ),
    SheetColumn(
        "limits",
        "Mức riêng theo quy tắc",
        kinds.LIMITS,
        _l("Mức riêng theo quy tắc, dạng mã:tên=số (giờ tính bằng phút), cách nhau bằng dấu chấm phẩy."),
        default={},
        example="hours.week:most=2400;limits.template:Đêm=2",
        personal=True,
        asked=FormField(
            StringField(_l("Mức riêng theo quy tắc"), [Length(max=2000)]),
            take=lambda data: data or "",
            show=limits.shown,
        ),
    ),
)
PEOPLE = SheetFormat(
    "people", _l("Người của doanh nghiệp, kể cả người không trực."), ("code",), (*_WHO, *_WORK, *_OF_RULES)
)
