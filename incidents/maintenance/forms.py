"""The form of a maintenance window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form, MomentField, choices
from core.i18n import named
from incidents.catalogue import queries as catalogue
from incidents.intake.models import Intake
from incidents.maintenance.services import LONGEST_REASON
from people.form_values import indented
from people.models import Unit


class WindowForm(Form):
    """A unit with everything below it, a source or a category of it, from and to, why."""

    fallback = "reason"
    unit = SelectField(_l("Đơn vị, gồm cả cấp dưới"), [InputRequired(_l("Chọn đơn vị."))], validate_choice=False)
    source = SelectField(_l("Nguồn báo"), validate_choice=False)
    category = SelectField(_l("Loại sự cố"), validate_choice=False)
    starts_at = MomentField(_l("Từ"), [Optional()])
    ends_at = MomentField(_l("Đến"), [InputRequired(_l("Ghi giờ kết thúc."))])
    reason = StringField(
        _l("Lý do"),
        [
            InputRequired(_l("Ghi lý do.")),
            Length(max=LONGEST_REASON, message=_l("Không quá %(max)s ký tự.")),
        ],
    )
    confirmed = BooleanField(_l("Nếu trùng giờ trực bắt buộc: tôi xác nhận vẫn giữ lại tin báo, không gọi người trực"))

    def __init__(self, *args: Any, units: list[tuple[int, Unit]], sources: Sequence[Intake], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.choices = choices(indented(units))
        reporting = ((str(each.id), f"{each.name} · {each.unit.name}") for each in sources)
        self.source.choices = choices([("", _("Mọi nguồn báo, phần mềm")), *reporting])
        known = ((each.code, named(each)) for each in catalogue.categories())
        self.category.choices = choices([("", _("Mọi loại")), *known])
