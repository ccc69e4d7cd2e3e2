"""The form of a new campaign. Rules that need the database are the services'."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from core.forms import DayField, Form
from people.columns.asking import LINE, REQUIRED


class CampaignForm(Form):
    name = StringField(_l("Tên đợt trực"), [InputRequired(REQUIRED), LINE])
    tet_year = SelectField(
        _l("Tết"), [InputRequired(REQUIRED), NumberRange(1969, 2099)], coerce=int, validate_choice=False
    )
    unit = SelectField(_l("Đơn vị"))
    starts_on = DayField(_l("Từ ngày"), [InputRequired(REQUIRED)])
    ends_on = DayField(_l("Đến hết ngày"), [InputRequired(REQUIRED)])
    copy_from = SelectField(_l("Ca và quy tắc"), validators=[Optional()], coerce=int, default=0)
