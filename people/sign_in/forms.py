"""Forms of coming in, and of what one comes in with: password and PIN."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from core.forms import Form
from people.columns.asking import LINE, REQUIRED

SAME = _l("Hai lần nhập mã PIN chưa giống nhau.")


class SignInForm(Form):
    identifier = StringField(
        _l("Số điện thoại, thư điện tử hoặc tên đăng nhập"),
        [InputRequired(REQUIRED), Length(max=254)],
        filters=[lambda typed: typed.replace("\0", "") if typed else typed],  # what no text has is no HTML either
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


class PinForm(Form):
    pin = PasswordField(_l("Mã PIN mới"), [InputRequired(REQUIRED), Length(max=20)])
    pin_repeat = PasswordField(_l("Nhập lại mã PIN"), [InputRequired(REQUIRED), EqualTo("pin", SAME)])
    pin_password = PasswordField(_l("Mật khẩu hiện tại"), [InputRequired(REQUIRED), Length(max=1000)])
