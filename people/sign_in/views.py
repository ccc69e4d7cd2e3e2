"""Sign-in, sign-out, invitations, one's own account. The cookie holds an opaque secret; the session is a row.

Also what every page needs to know of the reader: the account, the menu, whether the engine is alive.
"""

from __future__ import annotations

from datetime import datetime

from flask import (
    Blueprint,
    Flask,
    Request,
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, logout_user
from sqlalchemy.exc import DBAPIError
from werkzeug.local import LocalProxy

from core import clock
from core.api import call as api, callers
from core.db import transaction
from core.errors import DomainError, Invalid, Throttled
from core.i18n import LOCALES
from core.security import refusals
from core.web import back, safe_next, this_address
from people.access import guard, scopes
from people.accounts import keys, own_account, password_policy, queries as account_queries, services as accounts
from people.attempts import device_cookie, limits as door
from people.menu import engine, nav
from people.models import Invitation, User
from people.sign_in import first_admin, pins, sessions, views_proof
from people.sign_in.forms import InvitationForm, PasswordForm, PinForm, SignInForm

login_manager = LoginManager()
bp = Blueprint("auth", __name__)
COOKIE = "sid"


def init(app: Flask) -> None:
    login_manager.init_app(app)
    app.permanent_session_lifetime = sessions.SESSION_LIFE * 2  # the row says when it ends: perhaps with a late shift
    login_manager.request_loader(_load_user)
    login_manager.unauthorized_handler(_to_sign_in)
    app.register_blueprint(bp)
    app.before_request(_note_seen)
    app.after_request(_note_refusal)
    views_proof.init(app)
    app.context_processor(lambda: {"nav": LocalProxy(nav), "engine": LocalProxy(engine)})
    app.jinja_env.globals["can"] = guard.can
    callers.set_authenticator(keys.identify, refuse=_refuse_key)
    callers.set_scopes(scopes.part_of, keys.bound)
    callers.set_visitor(lambda: bool(current_user.is_authenticated))
    callers.set_authorizer(lambda actor, action, now: guard.ensure_role(actor, action, now=now))


def _refuse_key(bearer: str, address: str) -> None:
    """By this host's own clock: a flood asks the database for nothing more than whether the key is right."""
    keys.refuse(bearer, address, now=clock.unless_asked() or clock.wall())


def _load_user(_request: Request) -> User | None:
    token = session.get(COOKIE)
    if not token or g.get("no_database"):
        return None
    try:
        found = sessions.live(str(token), now=clock.now())
    except DBAPIError:
        g.no_database = True  # the page that says so must not ask again
        raise
    if found is None:
        return None
    g.login_session_id, g.login_session_stale = found.id, sessions.is_stale(found, clock.now())
    g.desk_session = found.desk  # a backref of people.desks.models
    return found.user


def _to_sign_in() -> ResponseReturnValue:
    wanted = this_address() if request.method == "GET" else None
    target = url_for("auth.login", next=wanted if wanted != "/" else None)
    if request.headers.get("HX-Request") == "true":
        return Response(status=401, headers={"HX-Redirect": url_for("auth.login")})
    return redirect(target, code=303)


def _note_seen() -> None:
    """Keep a session in use alive, and its cookie; at most one small write in ten minutes."""
    if request.endpoint == "static" or api.is_api_path(request.path) or not session.get(COOKIE):
        return
    if current_user.is_authenticated and g.login_session_stale:
        fresh = sessions.note_seen(g.login_session_id, str(session[COOKIE]), now=clock.now())
        g.login_session_stale, session.modified = False, True
        if fresh:
            session[COOKIE] = fresh


def _note_refusal(response: Response) -> Response:
    """Refusals of a known account or key are written down, after the refused transaction was rolled back."""
    if response.status_code == 403 and g.get("actor") is not None:
        refusals.note(g.actor, request.endpoint or "", request.method, now=clock.now())
    return response


# --- coming in -----------------------------------------------------------------------------------------------------


@bp.get("/login")
@guard.public
def login() -> ResponseReturnValue:
    page = _sign_in_page(SignInForm(next=safe_next(request.args.get("next"))))
    return device_cookie.offer(make_response(page))


def _sign_in_page(form: SignInForm) -> str:
    return render_template("people/sign_in/login.html", form=form, nobody_yet=first_admin.is_missing())


@bp.post("/login")
@guard.public
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    try:
        came = sessions.sign_in(
            form.identifier.data or "",
            form.password.data or "",
            visitor=device_cookie.visitor(),
            user_agent=request.user_agent.string,
            now=clock.now(),
        )
    except (Invalid, Throttled) as error:
        form.take(error)
        headers = {"Retry-After": str(error.params["retry_after"])} if isinstance(error, Throttled) else {}
        return _sign_in_page(form), error.http_status, headers
    remember(came.token, came.user)
    return device_cookie.give(redirect(safe_next(form.next.data), code=303), came.device)


def remember(token: str, user: User) -> None:
    """The browser is signed in from now on."""
    language = session.get("locale")
    session.clear()  # nothing that was planted in an anonymous session survives
    session.permanent = True
    session[COOKIE] = token
    if language in LOCALES and language == user.locale:
        session["locale"] = language


@bp.post("/logout")
@guard.public
def logout() -> ResponseReturnValue:
    if current_user.is_authenticated:
        sessions.end_session(g.login_session_id, now=clock.now(), actor=guard.current_actor())
    session.clear()
    return redirect(url_for("auth.login"), code=303)


def forget(language: str) -> None:
    """The account of this browser is no more: what follows in this request is a stranger's, in the same language."""
    session.clear()
    session["locale"] = language
    logout_user()


@bp.post("/language")
@guard.public
def language() -> ResponseReturnValue:
    chosen = request.form.get("language", "")
    if chosen in LOCALES:
        session["locale"] = chosen
        if current_user.is_authenticated:
            own_account.set_locale(current_user.id, chosen)
    return redirect(safe_next(request.form.get("next")), code=303)


@bp.get("/invite/<token>")
@guard.public
def invitation(token: str) -> ResponseReturnValue:
    found = accounts.open_invitation(token, now=clock.now())
    return _invitation_page(InvitationForm(), found)


def _invitation_page(form: InvitationForm, found: Invitation) -> str:
    shortest = password_policy.shortest(password_policy.owner_of(found.user))
    return render_template(
        "people/sign_in/invite.html", form=form, invitation=found, user=found.user, shortest=shortest
    )


@bp.post("/invite/<token>")
@guard.public
def accept(token: str) -> ResponseReturnValue:
    now = clock.now()
    found = accounts.open_invitation(token, now=now)
    form = InvitationForm()
    if form.validate():
        try:
            with transaction():
                user = accounts.accept_invitation(token, form.password.data or "", now=now)
                device = door.remember(device_cookie.visitor().device, user.id, now=now)
                if form.pin.data:
                    pins.write(user, form.pin.data, by="invitation", actor=guard.actor_of(user), now=now)
                secret = sessions.start_session(user, user_agent=request.user_agent.string, now=now)
        except Invalid as error:
            form.take(error)
        else:
            remember(secret, user)
            said = _("Đã đặt mật khẩu. Kiểm tra lại thông tin liên lạc bên dưới.")
            return device_cookie.give(back(url_for("auth.account"), said), device)
    return _invitation_page(form, found), 422


# --- one's own account ---------------------------------------------------------------------------------------------


@bp.get("/account")
@guard.signed_in
def account() -> ResponseReturnValue:
    return account_page()


def account_page(
    form: PasswordForm | None = None, pin_form: PinForm | None = None, status: int = 200
) -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    user = account_queries.user_by_id(actor.user_id or 0)
    mine = account_queries.live_sessions(user.id, now)
    return render_template(
        "people/sign_in/account.html",
        form=form or PasswordForm(formdata=None),
        pin_form=pin_form or PinForm(formdata=None),
        user=user,
        shortest=password_policy.shortest(password_policy.owner_of(user)),
        sessions=mine,
        here=g.login_session_id,
        pin=account_queries.pin_of(user.id),
    ), status


@bp.post("/account/password")
@guard.signed_in
def change_password() -> ResponseReturnValue:
    form, actor = PasswordForm(), guard.current_actor()
    if form.validate():
        try:
            own_account.change_password(
                actor.user_id or 0,
                form.current.data or "",
                form.password.data or "",
                now=clock.now(),
                actor=actor,
                keep=g.login_session_id,
            )
        except DomainError as error:
            form.take(error)
        else:
            return back(url_for("auth.account"), _("Đã đổi mật khẩu. Các thiết bị khác đã bị đăng xuất."))
    return account_page(form, status=422)


@bp.post("/account/sessions/<int:session_id>/end")
@guard.signed_in
def end_session(session_id: int) -> ResponseReturnValue:
    sessions.end_session(session_id, now=clock.now(), actor=guard.current_actor())
    if session_id == g.login_session_id:
        session.clear()
        return back(url_for("auth.login"), _("Đã đăng xuất."))
    return back(url_for("auth.account"), _("Đã đăng xuất thiết bị đó."))


@bp.post("/account/sessions/end-others")
@guard.signed_in
def end_other_sessions() -> ResponseReturnValue:
    now: datetime = clock.now()
    accounts.end_sessions(guard.current_actor().user_id or 0, now=now, keep=g.login_session_id)
    flash(_("Đã đăng xuất mọi thiết bị khác."), "ok")
    return redirect(url_for("auth.account"), code=303)
