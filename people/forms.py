"""Forms of the directory, of roles and of keys. Rules that need the database are the services'."""

from __future__ import annotations

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import FieldChoice, Form, choices
from core.i18n import named
from people import queries
from people.access.permissions import ROLE_ORDER
from people.accounts import keys
from people.columns import form_fields
from people.columns.absences import ABSENCES
from people.columns.asking import LINE, REQUIRED
from people.columns.people import PEOPLE
from people.columns.units import UNITS
from people.models import Person, Unit

UNIT_PAGE = "code name parent_code kind phone address serves_party_state"
PERSON_PAGE = (
    "code full_name unit_code position phone email duties max_shifts min_shifts share skills limits no_overtime "
    "no_night work_pattern overtime_month overtime_year active"
)
ROLE_NAMES = {
    "viewer": _l("Chỉ xem"),
    "staff": _l("Nhân viên"),
    "manager": _l("Quản lý"),
    "admin": _l("Quản trị hệ thống"),
}


SCOPE_NAMES = {
    "read": _l("Đọc mọi thứ mà vai trò được xem"),
    "incidents": _l("Sự cố: ghi nhận, xử lý; báo cáo và văn bản"),
    "roster": _l("Lịch trực: xếp, sửa, ban hành, xác nhận"),
    "people": _l("Nhân sự: đơn vị, người, nghỉ vắng, nhập danh sách"),
}


class UnitForm(form_fields.form_of(UNITS, page=UNIT_PAGE)):  # type: ignore[misc]
    head_code = StringField(_l("Trưởng đơn vị (mã nhân viên)"), [LINE])

    def fill_choices(self, parents: list[tuple[int, Unit]], with_none: bool) -> None:
        """``parents``: (depth, unit) that may be chosen; ``with_none`` offers to be a top unit."""
        top = choices([("", _("(đơn vị cao nhất)"))]) if with_none else []
        self.parent_code.choices = top + unit_choices(parents)
        self.kind.choices = choices((kind.code, named(kind)) for kind in queries.unit_kinds())


class PersonForm(form_fields.form_of(PEOPLE, page=PERSON_PAGE)):  # type: ignore[misc]
    def fill_choices(self, units: list[tuple[int, Unit]]) -> None:
        self.unit_code.choices = unit_choices(units)
        self.duties.choices = choices((kind.code, named(kind)) for kind in queries.duty_kinds())
        self.work_pattern.choices = choices((pattern.code, named(pattern)) for pattern in queries.work_patterns())

    def show(self, person: Person) -> None:
        """Fill the fields with what is known."""
        form_fields.show(PEOPLE, self, person)
        self.phone.data, self.email.data = person.phone, person.email
        self.unit_code.data = person.unit.code
        self.duties.data = [each.duty for each in person.duties]


class AbsenceForm(form_fields.form_of(ABSENCES)):  # type: ignore[misc]
    pass


class RoleForm(Form):
    role = SelectField(_l("Vai trò"))
    unit_code = SelectField(_l("Trong đơn vị và các đơn vị bên dưới"))

    def fill_choices(self, highest: str, units: list[tuple[int, Unit]], whole: bool) -> None:
        """Roles up to ``highest``; ``whole`` offers the whole enterprise."""
        upto = ROLE_ORDER[: ROLE_ORDER.index(highest) + 1]
        self.role.choices = choices((role, ROLE_NAMES[role]) for role in upto)
        everywhere = choices([("", _("Toàn doanh nghiệp"))]) if whole else []
        self.unit_code.choices = everywhere + unit_choices(units)


class KeyForm(RoleForm):
    name = StringField(_l("Dùng cho việc gì"), [InputRequired(REQUIRED), LINE])
    scopes = SelectMultipleField(
        _l("Được làm gì"),
        choices=choices(SCOPE_NAMES.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Cấp đúng mức cần: màn hình chỉ cần đọc, hệ thống giám sát chỉ cần sự cố."),
    )
    days = IntegerField(_l("Dùng được bao nhiêu ngày"), [InputRequired(REQUIRED)], default=keys.DAYS)


def unit_choices(units: list[tuple[int, Unit]]) -> list[FieldChoice]:
    """Names indented by depth (a no-break space is kept by browsers)."""
    return choices((unit.code, "\u00a0\u00a0\u00a0" * depth + f"{unit.name} ({unit.code})") for depth, unit in units)
