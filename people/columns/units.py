"""The columns of units."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from people.columns import kinds
from people.columns.asking import LINE, REQUIRED
from people.columns.column import FormField, SheetColumn, SheetFormat
from people.columns.json_types import Short

UNITS = SheetFormat(
    "units",
    _l("Cây đơn vị, từ doanh nghiệp đến điểm phục vụ. Đơn vị cấp trên có thể nằm ở dòng dưới."),
    ("code",),
    (
        SheetColumn(
            "code",
            "Mã đơn vị",
            kinds.CODE,
            _l("Mã đơn vị, không trùng trong doanh nghiệp."),
            required=True,
            example="BDX-H01",
            asked=FormField(StringField(_l("Mã đơn vị"), [InputRequired(REQUIRED), Length(max=40)])),
        ),
        SheetColumn(
            "parent_code",
            "Mã đơn vị cấp trên",
            kinds.CODE,
            _l("Mã đơn vị cấp trên; để trống nếu là đơn vị cao nhất."),
            example="BDX",
            stored=None,
            api_default=None,
            asked=FormField(SelectField(_l("Thuộc đơn vị"))),
        ),
        SheetColumn(
            "name",
            "Tên đơn vị",
            kinds.line(),
            _l("Tên đơn vị."),
            required=True,
            example="Bưu điện Pleiku",
            asked=FormField(StringField(_l("Tên đơn vị"), [InputRequired(REQUIRED), LINE])),
        ),
        SheetColumn(
            "kind",
            "Loại đơn vị",
            kinds.listed("unit_kinds", "import.unknown_unit_kind"),
            _l("Loại đơn vị."),
            required=True,
            example="district",
            asked=FormField(SelectField(_l("Loại đơn vị"))),
        ),
        SheetColumn(
            "phone",
            "Điện thoại",
            kinds.PHONE,
            _l("Điện thoại của đơn vị."),
            example="0269 3000 000",
            asked=FormField(StringField(_l("Điện thoại"), [LINE])),
        ),
        SheetColumn(
            "address",
            "Địa chỉ",
            kinds.line(500, takes=Short),
            _l("Địa chỉ."),
            asked=FormField(StringField(_l("Địa chỉ"), [LINE])),
        ),
        SheetColumn(
            "serves_party_state",
            "Phục vụ Đảng, Nhà nước",
            kinds.YES_NO,
            _l("Phục vụ cơ quan Đảng, Nhà nước (KT1) hay không; trống = không."),
            default=False,
            example="no",
            asked=FormField(BooleanField(_l("Có phục vụ cơ quan Đảng, Nhà nước (KT1)"))),
        ),
    ),
)
