"""The columns of demand, wishes, history and pairs."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from flask_babel import lazy_gettext as _l
from pydantic import Field
from wtforms import BooleanField, IntegerField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.calendar import lunar
from core.errors import Invalid
from core.forms import choices
from people import skills
from people.columns import kinds
from people.columns.asking import LINE, REQUIRED
from people.columns.column import FormField, SheetColumn, SheetFormat
from roster.sources.models import FORMS, PAIR_KINDS, PHASES
from roster.words import labels

FIRST_YEAR, LAST_YEAR = lunar.FIRST.year, lunar.LAST.year
ANY = "any"

_LENGTH = kinds.hours(0, 24, Annotated[float, Field(ge=0.0166, le=24)], above=True)
_GROUND = kinds.line(takes=Annotated[str, Field(max_length=200)])
_TIMES = kinds.whole(0, 366)
_PERSON = SheetColumn(
    "person_code", "Mã nhân viên", kinds.CODE, _l("Mã nhân viên."), required=True, example="NV0001", stored=None
)


def _minute_of_day(start: time | None) -> int:
    return start.hour * 60 + start.minute if start else 0


def _skill_numbers(typed: str | None) -> dict[str, int]:
    try:
        return skills.numbered(typed or "")
    except ValueError:
        raise Invalid("demand.skills", field="skills") from None


DEMAND = SheetFormat(
    "demand",
    _l("Mỗi đơn vị cần bao nhiêu người trực, theo loại trực và giai đoạn."),
    ("unit_code", "duty", "phase", "shift"),
    (
        SheetColumn(
            "duty",
            "Loại trực",
            kinds.listed("duty_kinds", "import.unknown_duty"),
            _l("Loại trực."),
            required=True,
            example="operations",
            asked=FormField(SelectField(_l("Loại trực"))),
        ),
        SheetColumn(
            "unit_code",
            "Mã đơn vị",
            kinds.CODE,
            _l("Mã đơn vị tổ chức ca trực."),
            required=True,
            example="BDX",
            stored=None,
            asked=FormField(SelectField(_l("Đơn vị")), "unit"),
        ),
        SheetColumn(
            "phase",
            "Giai đoạn",
            kinds.choice(PHASES),
            _l("Giai đoạn: trước, trong hay sau kỳ nghỉ Tết."),
            required=True,
            example="during",
            asked=FormField(SelectField(_l("Giai đoạn"), choices=choices(labels.PHASES.items()))),
        ),
        SheetColumn(
            "shift",
            "Tên ca",
            kinds.line(60),
            _l("Tên ca."),
            required=True,
            example="Đêm",
            stored="template",
            asked=FormField(
                StringField(_l("Tên ca"), [InputRequired(REQUIRED), Length(max=40)]),
                "template",
                take=lambda data: data or "",
            ),
        ),
        SheetColumn(
            "start",
            "Giờ bắt đầu",
            kinds.TIME,
            _l("Giờ bắt đầu."),
            required=True,
            example="22:00",
            stored="start_minute",
            asked=FormField(TimeField(_l("Bắt đầu lúc"), [InputRequired(REQUIRED)]), take=_minute_of_day),
        ),
        SheetColumn(
            "hours",
            "Số giờ",
            _LENGTH,
            _l("Số giờ của ca, nhiều nhất 24."),
            required=True,
            example="8",
            stored="minutes",
            asked=FormField(
                IntegerField(_l("Số phút"), [InputRequired(REQUIRED), NumberRange(1, 1440)]),
                "minutes",
                take=lambda data: data or 0,
            ),
        ),
        SheetColumn(
            "headcount",
            "Số người",
            kinds.whole(1, 1000),
            _l("Số người cùng trực trong ca."),
            required=True,
            example="2",
            asked=FormField(
                IntegerField(_l("Số người"), [InputRequired(REQUIRED), NumberRange(1, 50)], default=1),
                take=lambda data: data or 0,
            ),
        ),
        SheetColumn(
            "form",
            "Hình thức trực",
            kinds.choice(FORMS),
            _l("Hình thức: tại chỗ (onsite), sẵn sàng tại nhà (standby), chỉ huy (command)."),
            required=True,
            example="onsite",
            asked=FormField(SelectField(_l("Hình thức"), choices=choices(labels.FORMS.items()))),
        ),
        SheetColumn(
            "replaces_work",
            "Thay giờ làm việc",
            kinds.YES_NO,
            _l("Ca thay cho giờ làm việc thường ngày (nghỉ ra trực); trống = không."),
            default=False,
            example="yes",
            asked=FormField(BooleanField(_l("Thay cho giờ làm việc của ngày đó")), take=bool),
        ),
        SheetColumn(
            "skills",
            "Kỹ năng",
            kinds.SKILL_NUMBERS,
            _l("Kỹ năng mà ca cần và số người phải có; trống = không yêu cầu."),
            default={},
            example="experienced:1;lái xe:1",
            asked=FormField(StringField(_l("Kỹ năng cần có"), [Optional(), Length(max=900)]), take=_skill_numbers),
        ),
        SheetColumn(
            "wanted",
            "Số người mong muốn",
            kinds.whole(1, 1000),
            _l("Số người mong muốn khi nhiều hơn số người cần; chỗ thêm không bắt buộc. Trống = không có."),
            default=None,
            example="3",
            asked=FormField(IntegerField(_l("Số người mong muốn"), [Optional(), NumberRange(1, 50)])),
        ),
        SheetColumn(
            "legal_ground",
            "Căn cứ trực quá 12 giờ",
            _GROUND,
            _l(
                "Căn cứ mà đơn vị nêu cho ca trực tại chỗ dài hơn quy tắc cho phép (mặc định 12 giờ); "
                "trống = không nêu. Được in kèm lịch trực "
                "như lời của đơn vị."
            ),
            example=_l("Thỏa ước lao động tập thể 2019, Điều 12"),
            api_default=None,
            asked=FormField(
                StringField(_l("Căn cứ cho ca tại chỗ dài hơn quy tắc cho phép"), [Optional(), LINE]),
                take=lambda data: data or "",
            ),
        ),
    ),
)

WISHES = SheetFormat(
    "wishes",
    _l("Nguyện vọng trực hoặc nghỉ từng ngày."),
    ("person_code", "date", "shift"),
    (
        _PERSON,
        SheetColumn("date", "Ngày", kinds.DAY, _l("Ngày."), required=True, example="25/01/2020", stored="on_date"),
        SheetColumn(
            "shift",
            "Tên ca",
            kinds.line(60),
            _l("Tên ca trong tệp demand, hoặc any (mọi ca); trống = any."),
            default=ANY,
            example="Đêm",
            stored="template",
        ),
        SheetColumn(
            "want",
            "Muốn trực hay nghỉ",
            kinds.choice(("on", "off")),
            _l("on = muốn trực, off = muốn nghỉ."),
            required=True,
            example="off",
        ),
        SheetColumn(
            "weight",
            "Mức độ mong muốn",
            kinds.whole(1, 100),
            _l("Mức độ mong muốn, từ 1; trống = 1."),
            default=1,
            example="1",
        ),
    ),
)

HISTORY = SheetFormat(
    "history",
    _l("Mỗi người đã trực bao nhiêu trong các Tết trước, để chia công bằng."),
    ("person_code", "tet_year"),
    (
        _PERSON,
        SheetColumn(
            "tet_year",
            "Năm của Tết",
            kinds.whole(FIRST_YEAR, LAST_YEAR),
            _l("Năm của Tết (năm dương lịch của Mùng 1)."),
            required=True,
            example="2019",
        ),
        SheetColumn(
            "points",
            "Điểm trực",
            kinds.scaled(100, 0, 10_000),
            _l("Điểm trực đã mang."),
            required=True,
            example="10,5",
        ),
        SheetColumn(
            "giao_thua",
            "Số đêm Giao thừa",
            _TIMES,
            _l("Số lần trực đêm Giao thừa; trống = 0."),
            default=0,
            example="0",
        ),
        SheetColumn("mung_1", "Số lần Mùng 1", _TIMES, _l("Số lần trực Mùng 1; trống = 0."), default=0, example="1"),
        SheetColumn("nights", "Số ca đêm", _TIMES, _l("Số ca đêm; trống = 0."), default=0, example="3"),
    ),
)

PAIRS = SheetFormat(
    "pairs",
    _l("Hai người luôn trực cùng nhau, hoặc không bao giờ trực chung một ca."),
    ("person_code", "other_code"),
    (
        _PERSON,
        SheetColumn(
            "other_code",
            "Mã người kia",
            kinds.CODE,
            _l("Mã nhân viên của người kia."),
            required=True,
            example="NV0002",
            stored=None,
        ),
        SheetColumn(
            "kind",
            "Trực cùng hay tách",
            kinds.choice(PAIR_KINDS),
            _l("together = trực cùng, apart = không trực chung."),
            required=True,
            example="apart",
        ),
    ),
)
