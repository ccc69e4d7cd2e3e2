"""Forms of the demand, the days of a Tết and standing chains. Rules that need the database are the services'."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import DayField, FieldChoice, Form, choices
from core.i18n import named
from people.columns.asking import LINE, REQUIRED
from people.columns.form_fields import form_of
from people.forms import unit_choices
from people.models import DutyKind, Unit
from roster.sources.columns import DEMAND
from roster.words import labels

DEMAND_PAGE = "unit_code duty phase shift start hours headcount form wanted skills legal_ground replaces_work"


class DemandForm(form_of(DEMAND, page=DEMAND_PAGE)):  # type: ignore[misc]
    def fill_choices(self, units: list[tuple[int, Unit]], kinds: list[FieldChoice]) -> None:
        self.unit.choices = unit_choices(units)
        self.duty.choices = kinds


class BreakForm(Form):
    starts_on = DayField(_l("Kỳ nghỉ Tết từ ngày"), [InputRequired(REQUIRED)])
    ends_on = DayField(_l("Đến hết ngày"), [InputRequired(REQUIRED)])
    status = SelectField(_l("Tình trạng"), choices=choices(labels.SET_STATUSES.items()))
    source = StringField(_l("Căn cứ (số, ngày văn bản)"), [Optional(), LINE])


class HolidayForm(Form):
    aliases = {"date": "on"}
    on = DayField(_l("Ngày"), [InputRequired(REQUIRED)])
    day_class = SelectField(_l("Loại ngày"), choices=choices(labels.DAY_CLASSES.items()))
    name = StringField(_l("Tên ngày nghỉ"), [Optional(), LINE])
    status = SelectField(_l("Tình trạng"), choices=choices(labels.SET_STATUSES.items()), id="day_status")
    source = StringField(_l("Căn cứ (số, ngày văn bản)"), [Optional(), LINE], id="day_source")


class ChainForm(Form):
    people = StringField(_l("Mã nhân viên, theo thứ tự gọi"), [Optional(), Length(max=400)])


def kind_choices(kinds: list[DutyKind]) -> list[FieldChoice]:
    return choices((kind.code, named(kind)) for kind in kinds)
