"""Pages of shared desk computers: a new one, an account that becomes one; the PINs of those who use them."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import DomainError, Forbidden
from core.web import back
from people.access import guard
from people.blueprint import bp
from people.desks import services as shared_desks
from people.desks.forms import DeskForm, NewDeskForm
from people.form_values import units_within
from people.pages.views_accounts import account_with
from people.sign_in import pins
from people.sign_in.forms import PinForm
from people.sign_in.views import account_page, bp as auth


@bp.route("/people/desks/new", methods=["GET", "POST"])
@guard.requires("account.manage")
def new_desk() -> ResponseReturnValue:
    """The account of one more shared desk computer."""
    actor, now = guard.current_actor(), clock.now()
    form = NewDeskForm()
    form.fill_choices(units_within(actor, "account.manage", now))
    if not form.validate_on_submit():
        return render_template("people/desks/desk_new.html", form=form), 422 if form.errors else 200
    try:
        user = shared_desks.create(
            form.login.data or "",
            form.name.data or "",
            form.unit_code.data,
            form.lock_minutes.data or 0,
            actor=actor,
            now=now,
        )
    except Forbidden:
        raise
    except DomainError as error:
        form.take(error)
        return render_template("people/desks/desk_new.html", form=form), 422
    return back(
        url_for("people.account_of", user_id=user.id), _("Đã tạo tài khoản của máy. In phiếu mời để đặt mật khẩu.")
    )


@bp.post("/people/accounts/<int:user_id>/desk")
@guard.requires("account.manage")
def mark_desk(user_id: int) -> ResponseReturnValue:
    """Let an account be a shared desk, or change after how long it locks."""
    form = DeskForm()
    if form.validate():
        try:
            shared_desks.mark(user_id, form.lock_minutes.data or 0, actor=guard.current_actor(), now=clock.now())
        except Forbidden:
            raise
        except DomainError as error:
            form.take(error)
        else:
            return back(url_for("people.account_of", user_id=user_id), _("Đã lưu: máy bàn trực dùng chung."))
    return account_with(user_id, desk_form=form)


@bp.post("/people/accounts/<int:user_id>/desk/end")
@guard.requires("account.manage")
def unmark_desk(user_id: int) -> ResponseReturnValue:
    shared_desks.unmark(user_id, actor=guard.current_actor(), now=clock.now())
    return back(url_for("people.account_of", user_id=user_id), _("Tài khoản này không còn là máy dùng chung."))


@bp.post("/people/accounts/<int:user_id>/pin/clear")
@guard.requires("account.manage")
def clear_pin(user_id: int) -> ResponseReturnValue:
    """Forgotten, or seen by others: its owner sets a new one."""
    pins.clear(user_id, actor=guard.current_actor(), now=clock.now())
    return back(url_for("people.account_of", user_id=user_id), _("Đã xóa mã PIN của người này."))


@auth.post("/account/pin")
@guard.signed_in
def set_pin() -> ResponseReturnValue:
    """One's own PIN for shared desks, after the password once more."""
    form, actor = PinForm(), guard.current_actor()
    if form.validate():
        try:
            pins.set_pin(
                actor.user_id or 0,
                form.pin.data or "",
                password=form.pin_password.data or "",
                actor=actor,
                now=clock.now(),
            )
        except DomainError as error:
            form.take(error)
        else:
            return back(url_for("auth.account"), _("Đã đặt mã PIN cho máy bàn trực dùng chung."))
    return account_page(pin_form=form, status=422)


@auth.post("/account/pin/clear")
@guard.signed_in
def clear_own_pin() -> ResponseReturnValue:
    actor = guard.current_actor()
    pins.clear(actor.user_id or 0, actor=actor, now=clock.now())
    return redirect(url_for("auth.account"), code=303)
