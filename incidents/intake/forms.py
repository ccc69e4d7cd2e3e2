"""The form of a source that reports by itself."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form, choices
from core.i18n import named
from incidents.catalogue import queries as catalogue
from people.form_values import indented
from people.models import Unit

INTAKE_NAMES = {
    "pagerduty": _l("Công cụ giám sát gửi kiểu PagerDuty"),
    "alertmanager": _l("Prometheus Alertmanager"),
    "generic": _l("Uptime Kuma, Zabbix, Grafana, Apprise và phần mềm khác"),
    "heartbeat": _l("Phải báo định kỳ (bưu cục, máy chủ)"),
}


class IntakeForm(Form):
    """A new source that reports by itself."""

    fallback = "name"
    name = StringField(_l("Tên nguồn báo"), [InputRequired(_l("Đặt tên cho nguồn báo.")), Length(max=100)])
    kind = RadioField(_l("Loại nguồn"), choices=choices(INTAKE_NAMES.items()))
    unit = SelectField(_l("Đơn vị chịu trách nhiệm"), [InputRequired(_l("Chọn đơn vị."))], validate_choice=False)
    category = SelectField(_l("Loại sự cố"), validate_choice=False)
    due_by = StringField(_l("Phải báo trước giờ"), [Length(max=5, message=_l("Ghi giờ như 08:00."))])
    every_minutes = IntegerField(_l("Hoặc im lặng lâu nhất (phút)"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = ((each.code, named(each)) for each in catalogue.categories())
        self.category.choices = choices([("", _("Theo loại nguồn")), *known])

    def offer_units(self, units: list[tuple[int, Unit]]) -> None:
        self.unit.choices = choices(indented(units))
