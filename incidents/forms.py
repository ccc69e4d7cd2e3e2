"""Forms of incidents: what a page may send. Rules that need the database are the services'."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from core.clock import VN
from core.errors import DomainError, FieldError
from core.forms import Form
from core.i18n import named
from incidents import queries
from incidents.policies import StepSpec
from incidents.wording import severity_word
from people import queries as people
from people.models import Unit

COMMON = ("overload", "vehicle", "power", "connectivity", "software", "item_lost", "fire", "kt1")
"""Offered as buttons; the others are one list away."""
FAMILIES = {
    "network": _l("Mạng lưới, khai thác"), "it": _l("Công nghệ thông tin"), "item": _l("Bưu gửi"),
    "security": _l("An ninh, an toàn"), "compliance": _l("Tuân thủ, niêm yết"), "system": _l("Khác"),
}  # fmt: skip


class QuickLogForm(Form):
    """Fifteen seconds: what, which kind, where. Everything else has a sensible default."""

    form_key = HiddenField(default=lambda: secrets.token_urlsafe(16))
    """Of one showing of the form: what is sent twice with it is logged once."""
    title = StringField(
        _l("Việc gì đang xảy ra"),
        [InputRequired(_l("Ghi ngắn gọn việc gì đang xảy ra.")), Length(max=200, message=_l("Không quá 200 ký tự."))],
    )
    category = RadioField(_l("Loại sự cố"), validate_choice=False)
    more = SelectField(_l("Loại khác"), validate_choice=False)
    severity = RadioField(_l("Mức độ"), default="")
    unit = SelectField(_l("Nơi xảy ra"), [InputRequired(_l("Chọn đơn vị."))])
    party_state = BooleanField(_l("Liên quan cơ quan Đảng, Nhà nước hoặc KT1"))
    drill = RadioField(_l("Thật hay diễn tập"), default="real", validate_choice=False)
    description = TextAreaField(_l("Mô tả thêm"), [Length(max=4000, message=_l("Không quá 4000 ký tự."))])
    reporter = StringField(_l("Người báo tin"), [Length(max=200, message=_l("Không quá 200 ký tự."))])
    detected_at = DateTimeLocalField(_l("Phát hiện lúc"), [Optional()], format="%Y-%m-%dT%H:%M")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {each.code: each for each in queries.categories()}
        self.category.choices = [(code, named(known[code])) for code in COMMON if code in known]
        self.more.choices = [("", _("Chọn loại khác…"))] + [
            (each.code, _("%(name)s · mức %(level)s", name=named(each), level=each.default_severity))
            for each in known.values()
        ]
        self.severity.choices = [("", _("Theo loại sự cố"))] + [
            (str(level), f"{level} · {severity_word(level)}") for level in (1, 2, 3, 4)
        ]
        self.unit.choices = [(unit.code, "\u2003" * depth + unit.name) for depth, unit in people.unit_tree()]
        self.drill.choices = [("real", _("Sự cố thật")), ("drill", _("DIỄN TẬP"))]

    def chosen_category(self) -> str:
        """The list wins over the buttons: whoever opened it has not found the kind among them."""
        return self.more.data or self.category.data or "other"

    def detected(self) -> datetime | None:
        """The typed local time, aware."""
        typed = self.detected_at.data
        return typed.replace(tzinfo=VN) if typed else None

    def take(self, error: DomainError) -> None:
        """Show a service's faults at the fields they are about."""
        for fault in error.errors or [FieldError("title", error.code, error.params)]:
            owner = self._fields.get(fault.field, self.title)
            owner.errors = [*owner.errors, fault.message()]


INTAKE_NAMES = {
    "pagerduty": _l("Công cụ giám sát gửi kiểu PagerDuty"), "alertmanager": _l("Prometheus Alertmanager"),
    "generic": _l("Phần mềm khác (JSON)"), "heartbeat": _l("Phải báo định kỳ (bưu cục, máy chủ)"),
}  # fmt: skip


class IntakeForm(Form):
    """A new source that reports by itself."""

    name = StringField(_l("Tên nguồn báo"), [InputRequired(_l("Đặt tên cho nguồn báo.")), Length(max=100)])
    kind = RadioField(_l("Loại nguồn"), choices=list(INTAKE_NAMES.items()))
    unit = SelectField(_l("Đơn vị chịu trách nhiệm"), [InputRequired(_l("Chọn đơn vị."))], validate_choice=False)
    category = SelectField(_l("Loại sự cố"), validate_choice=False)
    due_by = StringField(_l("Phải báo trước giờ"), [Length(max=5, message=_l("Ghi giờ như 08:00."))])
    every_minutes = IntegerField(_l("Hoặc im lặng lâu nhất (phút)"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category.choices = [("", _("Theo loại nguồn"))] + [
            (each.code, named(each)) for each in queries.categories()
        ]

    def offer_units(self, units: list[tuple[int, Unit]]) -> None:
        self.unit.choices = [(unit.code, "\u2003" * depth + unit.name) for depth, unit in units]

    def take(self, error: DomainError) -> None:
        """Show a service's faults at the fields they are about."""
        for fault in error.errors or [FieldError("name", error.code, error.params)]:
            owner = self._fields.get(fault.field, self.name)
            owner.errors = [*owner.errors, fault.message()]


@dataclass
class PolicyForm:
    """The policy page's form: rows of (target, seconds); an empty row is left out."""

    rows: list[tuple[str, str]]
    repeat_after: str
    ack_timeout: str
    catch_all: str
    errors: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, sent: Mapping[str, Any], targets: list[str], waits: list[str]) -> PolicyForm:
        rows = [(target.strip(), wait.strip()) for target, wait in zip(targets, waits, strict=False)]
        return cls(
            rows, str(sent.get("repeat_after", "")), str(sent.get("ack_timeout", "")), str(sent.get("catch_all", ""))
        )

    def steps(self) -> list[StepSpec]:
        """The steps; ``duty:<code>`` or ``person:<code>`` says whom. Numbers that are none become faults."""
        found = []
        for number, (target, wait) in enumerate(self.rows, start=1):
            if not target:
                if wait:
                    self.errors.append(_("Bước %(n)s có thời gian chờ nhưng chưa chọn gọi ai.", n=number))
                continue
            kind, _sep, code = target.partition(":")
            found.append(StepSpec(self.number(wait or "0"), **{"duty" if kind == "duty" else "person": code}))
        return found

    def number(self, typed: str) -> int:
        if typed.isascii() and typed.isdigit() and len(typed) < 8:
            return int(typed)
        self.errors.append(_("“%(typed)s” không phải là số giây.", typed=typed))
        return 0

    def last_resort(self) -> list[str]:
        """Person codes, split at commas and spaces."""
        return self.catch_all.replace(",", " ").replace(";", " ").split()
