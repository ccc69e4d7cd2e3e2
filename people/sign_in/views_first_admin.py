"""The page behind the link on the console: makes the first administrator, and signs them in."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.db import transaction
from core.errors import Conflict, Invalid
from core.web import back
from people.access import guard
from people.accounts import password_policy
from people.attempts import device_cookie, limits as door
from people.sign_in import first_admin, sessions, views as auth
from people.sign_in.forms import FirstAdminForm

bp = Blueprint("first", __name__)


@bp.get("/first/<token>")
@guard.public
def link(token: str) -> ResponseReturnValue:
    first_admin.ensure_open(token, now=clock.now())
    return _page(FirstAdminForm())


@bp.post("/first/<token>")
@guard.public
def claim(token: str) -> ResponseReturnValue:
    now, form = clock.now(), FirstAdminForm()
    first_admin.ensure_open(token, now=now)
    if not form.validate():
        return _page(form), 422
    try:
        with transaction():
            user = first_admin.claim(
                token, form.login.data or "", form.name.data or "", form.password.data or "", now=now
            )
            device = door.remember(device_cookie.visitor().device, user.id, now=now)
            secret = sessions.start_session(user, user_agent=request.user_agent.string, now=now)
    except (Invalid, Conflict) as error:
        form.take(error)
        return _page(form), 422
    auth.remember(secret, user)
    said = _("Đã tạo người quản trị %(login)s. Bắt đầu từ danh sách dưới đây.", login=user.login)
    return device_cookie.give(back(url_for("desk.start"), said), device)


def _page(form: FirstAdminForm) -> str:
    return render_template("people/sign_in/first.html", form=form, shortest=password_policy.FOR_MANY)
