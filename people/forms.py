"""Forms: what a page may send. Rules that need the database are the services'."""

from __future__ import annotations

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import (
    BooleanField,
    FloatField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import EqualTo, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import DayField, Form
from core.i18n import named
from people import limits, queries, skills
from people.access.permissions import ROLE_ORDER
from people.models import ABSENCE_KINDS, Person, Unit

REQUIRED = _l("Cần điền mục này.")
LINE = Length(max=200, message=_l("Không quá 200 ký tự."))
ROLE_NAMES = {
    "viewer": _l("Chỉ xem"),
    "staff": _l("Nhân viên"),
    "manager": _l("Quản lý"),
    "admin": _l("Quản trị hệ thống"),
}
ABSENCE_NAMES = {
    "annual_leave": _l("Nghỉ phép"),
    "sick": _l("Ốm"),
    "travel": _l("Công tác"),
    "training": _l("Đào tạo"),
    "other": _l("Lý do khác"),
}


class SignInForm(Form):
    identifier = StringField(
        _l("Số điện thoại, thư điện tử hoặc tên đăng nhập"), [InputRequired(REQUIRED), Length(max=254)]
    )
    password = PasswordField(_l("Mật khẩu"), [InputRequired(REQUIRED), Length(max=1000)])
    next = HiddenField()


class InvitationForm(Form):
    password = PasswordField(_l("Mật khẩu mới"), [InputRequired(REQUIRED), Length(max=1000)])
    repeat = PasswordField(
        _l("Nhập lại mật khẩu"),
        [InputRequired(REQUIRED), EqualTo("password", _l("Hai lần nhập mật khẩu chưa giống nhau."))],
    )
    pin = PasswordField(_l("Mã PIN cho máy bàn trực dùng chung"), [Length(max=20)])


class FirstAdminForm(InvitationForm):
    pin = None
    name = StringField(_l("Họ và tên"), [InputRequired(REQUIRED), LINE])
    login = StringField(_l("Tên đăng nhập"), [InputRequired(REQUIRED), Length(max=64)])


class PasswordForm(InvitationForm):
    pin = None
    current = PasswordField(_l("Mật khẩu hiện tại"), [InputRequired(REQUIRED), Length(max=1000)])


class UnitForm(Form):
    code = StringField(_l("Mã đơn vị"), [InputRequired(REQUIRED), Length(max=40)])
    name = StringField(_l("Tên đơn vị"), [InputRequired(REQUIRED), LINE])
    parent_code = SelectField(_l("Thuộc đơn vị"))
    kind = SelectField(_l("Loại đơn vị"))
    phone = StringField(_l("Điện thoại"), [LINE])
    address = StringField(_l("Địa chỉ"), [LINE])
    head_code = StringField(_l("Trưởng đơn vị (mã nhân viên)"), [LINE])
    serves_party_state = BooleanField(_l("Có phục vụ cơ quan Đảng, Nhà nước (KT1)"))

    def fill_choices(self, parents: list[tuple[int, Unit]], with_none: bool) -> None:
        """``parents``: (depth, unit) that may be chosen; ``with_none`` offers to be a top unit."""
        top = [("", _("(đơn vị cao nhất)"))] if with_none else []
        self.parent_code.choices = top + unit_choices(parents)
        self.kind.choices = [(kind.code, named(kind)) for kind in queries.unit_kinds()]


class PersonForm(Form):
    code = StringField(_l("Mã nhân viên"), [InputRequired(REQUIRED), Length(max=40)])
    full_name = StringField(_l("Họ và tên"), [InputRequired(REQUIRED), LINE])
    unit_code = SelectField(_l("Đơn vị"))
    position = StringField(_l("Chức vụ"), [LINE])
    phone = StringField(_l("Điện thoại di động"), [LINE])
    email = StringField(_l("Thư điện tử"), [LINE])
    duties = SelectMultipleField(
        _l("Loại trực được phân công"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    max_shifts = IntegerField(_l("Số ca nhiều nhất trong một đợt"), [Optional(), NumberRange(0, 366)])
    min_shifts = IntegerField(_l("Số ca ít nhất trong một đợt"), [Optional(), NumberRange(0, 366)])
    share = IntegerField(_l("Tỷ lệ thời gian làm việc (%)"), [Optional(), NumberRange(1, 100)], default=100)
    skills = StringField(_l("Kỹ năng, kinh nghiệm"), [Length(max=900)])
    limits = StringField(_l("Mức riêng theo quy tắc"), [Length(max=2000)])
    no_overtime = BooleanField(_l("Không làm thêm giờ"))
    no_night = BooleanField(_l("Không trực đêm tại chỗ (thai sản, con nhỏ, sức khỏe)"))
    work_pattern = SelectField(_l("Chế độ làm việc"))
    overtime_month = FloatField(_l("Giờ làm thêm đã có trong tháng"), [Optional(), NumberRange(0, 744)])
    overtime_year = FloatField(_l("Giờ làm thêm đã có trong năm"), [Optional(), NumberRange(0, 8784)])
    active = BooleanField(_l("Đang làm việc"), default=True)

    def fill_choices(self, units: list[tuple[int, Unit]]) -> None:
        self.unit_code.choices = unit_choices(units)
        self.duties.choices = [(kind.code, named(kind)) for kind in queries.duty_kinds()]
        self.work_pattern.choices = [(pattern.code, named(pattern)) for pattern in queries.work_patterns()]

    def show(self, person: Person) -> None:
        """Fill the fields with what is known."""
        same = (
            "code",
            "full_name",
            "position",
            "phone",
            "email",
            "max_shifts",
            "min_shifts",
            "share",
            "no_night",
            "no_overtime",
            "work_pattern",
        )
        for name in same:
            self[name].data = getattr(person, name)
        self.skills.data = skills.shown(person.skills)
        self.limits.data = limits.shown(person.limits)
        self.unit_code.data = person.unit.code
        self.duties.data = [each.duty for each in person.duties]
        self.active.data = person.active
        for name in ("overtime_month", "overtime_year"):
            minutes = getattr(person, f"{name}_minutes")
            self[name].data = None if minutes is None else round(minutes / 60, 2)


class AbsenceForm(Form):
    aliases = {"from": "from_on", "to": "to_on"}
    from_on = DayField(_l("Từ ngày"), [InputRequired(REQUIRED)])
    to_on = DayField(_l("Đến hết ngày"), [InputRequired(REQUIRED)])
    kind = SelectField(_l("Lý do"), choices=[(kind, ABSENCE_NAMES[kind]) for kind in ABSENCE_KINDS])
    note = StringField(_l("Ghi chú"), [LINE])


class RoleForm(Form):
    role = SelectField(_l("Vai trò"))
    unit_code = SelectField(_l("Trong đơn vị và các đơn vị bên dưới"))

    def fill_choices(self, highest: str, units: list[tuple[int, Unit]], whole: bool) -> None:
        """Roles up to ``highest``; ``whole`` offers the whole enterprise."""
        upto = ROLE_ORDER[: ROLE_ORDER.index(highest) + 1]
        self.role.choices = [(role, ROLE_NAMES[role]) for role in upto]
        everywhere = [("", _("Toàn doanh nghiệp"))] if whole else []
        self.unit_code.choices = everywhere + unit_choices(units)


class KeyForm(RoleForm):
    name = StringField(_l("Dùng cho việc gì"), [InputRequired(REQUIRED), LINE])


def unit_choices(units: list[tuple[int, Unit]]) -> list[tuple[str, str]]:
    """Options of a select: names indented by depth (a no-break space is kept by browsers)."""
    return [(unit.code, "\u00a0\u00a0\u00a0" * depth + f"{unit.name} ({unit.code})") for depth, unit in units]
