"""Forms of roster pages. Rules that need the database are the services'."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.forms import DayField, Form
from core.i18n import named
from people.forms import unit_choices
from people.models import DutyKind, Unit
from roster.words import labels

REQUIRED = _l("Cần điền mục này.")
LINE = Length(max=200, message=_l("Không quá 200 ký tự."))


class CampaignForm(Form):
    name = StringField(_l("Tên đợt trực"), [InputRequired(REQUIRED), LINE])
    tet_year = IntegerField(_l("Tết năm"), [InputRequired(REQUIRED), NumberRange(1969, 2099)])
    unit = SelectField(_l("Đơn vị"))
    starts_on = DayField(_l("Từ ngày"), [InputRequired(REQUIRED)])
    ends_on = DayField(_l("Đến hết ngày"), [InputRequired(REQUIRED)])


class DemandForm(Form):
    aliases = {"shift": "template"}
    unit = SelectField(_l("Đơn vị"))
    duty = SelectField(_l("Loại trực"))
    phase = SelectField(_l("Giai đoạn"), choices=list(labels.PHASES.items()))
    template = StringField(_l("Tên ca"), [InputRequired(REQUIRED), Length(max=40)])
    start = TimeField(_l("Bắt đầu lúc"), [InputRequired(REQUIRED)])
    minutes = IntegerField(_l("Số phút"), [InputRequired(REQUIRED), NumberRange(1, 1440)])
    headcount = IntegerField(_l("Số người"), [InputRequired(REQUIRED), NumberRange(1, 50)], default=1)
    form = SelectField(_l("Hình thức"), choices=list(labels.FORMS.items()))
    wanted = IntegerField(_l("Số người mong muốn"), [Optional(), NumberRange(1, 50)])
    skills = StringField(_l("Kỹ năng cần có"), [Optional(), Length(max=900)])
    legal_ground = StringField(_l("Căn cứ cho ca tại chỗ dài hơn quy tắc cho phép"), [Optional(), LINE])
    replaces_work = BooleanField(_l("Thay cho giờ làm việc của ngày đó"))

    def fill_choices(self, units: list[tuple[int, Unit]], kinds: list[tuple[str, str]]) -> None:
        self.unit.choices = unit_choices(units)
        self.duty.choices = kinds


class BreakForm(Form):
    starts_on = DayField(_l("Kỳ nghỉ Tết từ ngày"), [InputRequired(REQUIRED)])
    ends_on = DayField(_l("Đến hết ngày"), [InputRequired(REQUIRED)])
    status = SelectField(_l("Tình trạng"), choices=list(labels.SET_STATUSES.items()))
    source = StringField(_l("Căn cứ (số, ngày văn bản)"), [Optional(), LINE])


class HolidayForm(Form):
    aliases = {"date": "on"}
    on = DayField(_l("Ngày"), [InputRequired(REQUIRED)])
    day_class = SelectField(_l("Loại ngày"), choices=list(labels.DAY_CLASSES.items()))
    name = StringField(_l("Tên ngày nghỉ"), [Optional(), LINE])
    status = SelectField(_l("Tình trạng"), choices=list(labels.SET_STATUSES.items()))
    source = StringField(_l("Căn cứ (số, ngày văn bản)"), [Optional(), LINE])


class ChainForm(Form):
    people = StringField(_l("Mã nhân viên, theo thứ tự gọi"), [Optional(), Length(max=400)])


def kind_choices(kinds: list[DutyKind]) -> list[tuple[str, str]]:
    return [(kind.code, named(kind)) for kind in kinds]
