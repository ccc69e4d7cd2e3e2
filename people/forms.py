"""Forms: what a page may send. Rules that need the database are the services'."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from core.errors import DomainError

REQUIRED = _l("Cần điền mục này.")


class SignInForm(FlaskForm):
    identifier = StringField(
        _l("Số điện thoại, thư điện tử hoặc tên đăng nhập"), [InputRequired(REQUIRED), Length(max=254)]
    )
    password = PasswordField(_l("Mật khẩu"), [InputRequired(REQUIRED), Length(max=1000)])
    next = HiddenField()


class InvitationForm(FlaskForm):
    password = PasswordField(_l("Mật khẩu mới"), [InputRequired(REQUIRED), Length(max=1000)])
    repeat = PasswordField(
        _l("Nhập lại mật khẩu"),
        [InputRequired(REQUIRED), EqualTo("password", _l("Hai lần nhập mật khẩu chưa giống nhau."))],
    )


class PasswordForm(InvitationForm):
    current = PasswordField(_l("Mật khẩu hiện tại"), [InputRequired(REQUIRED), Length(max=1000)])


def show_error(form: Any, error: DomainError) -> None:
    """Put a service's faults beside their fields; what has no field goes to the top of the form."""
    for fault in error.errors:
        field = form._fields.get(fault.field)
        if field is None:
            form.form_errors.append(fault.message())
        else:
            field.errors = [*field.errors, fault.message()]
    if not error.errors:
        form.form_errors.append(error.message())
