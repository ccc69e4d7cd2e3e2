"""Forms of shared desk computers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from core.forms import Form
from people.columns.asking import LINE, REQUIRED
from people.desks.services import FEWEST, LOCK_MINUTES, MOST
from people.forms import unit_choices
from people.models import Unit


class DeskForm(Form):
    lock_minutes = IntegerField(
        _l("Tự khóa khi không ai dùng sau (phút)"),
        [InputRequired(REQUIRED), NumberRange(FEWEST, MOST)],
        default=LOCK_MINUTES,
    )


class NewDeskForm(DeskForm):
    name = StringField(_l("Tên máy"), [InputRequired(REQUIRED), LINE])
    login = StringField(_l("Tên đăng nhập của máy"), [InputRequired(REQUIRED), Length(max=64)])
    unit_code = SelectField(_l("Đặt tại đơn vị"))

    def fill_choices(self, units: list[tuple[int, Unit]]) -> None:
        self.unit_code.choices = unit_choices(units)
