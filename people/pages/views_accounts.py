"""Pages of accounts: who has not come in yet, printed invitations, roles, keys for scripts."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import segno
from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from markupsafe import Markup

from core import arguments, clock, pages
from core.actor import Actor
from core.db import transaction
from core.errors import DomainError, Forbidden, Invalid
from core.form_values import whole_number
from core.web import back
from people import queries, unit_list
from people.absences import effects
from people.access import guard, scopes
from people.accounts import keys, leftovers, missing_accounts, queries as account_queries, services as accounts
from people.accounts.services import Slip
from people.blueprint import bp
from people.desks.forms import DeskForm
from people.desks.services import LOCK_MINUTES
from people.form_values import units_within
from people.forms import SCOPE_NAMES, KeyForm, RoleForm
from people.models import User
from people.sign_in import proof

MOST_SLIPS = 2000
"""Of one page: what a browser still prints."""


@bp.get("/people/invitations")
@guard.requires("account.manage")
def invitations() -> ResponseReturnValue:
    """Who has not come in yet, a page at a time, and the buttons that print slips: of the chosen, or of all."""
    actor, now = guard.current_actor(), clock.now()
    units = units_within(actor, "account.manage", now)
    listed = unit_list.narrowed(units, request.args)
    everyone, waiting = _waiting(listed, actor, now)
    slips = account_queries.open_invitations([user.id for user in waiting], now)
    missing = Counter(_place(user) for user in waiting if user.id not in slips)
    return render_template(
        "people/accounts/invitations.html",
        shown=pages.part(waiting, arguments.number("page", 1)),
        listed=listed,
        units=units,
        slips=slips,
        total=everyone,
        missing=missing.total(),
        without=account_queries.people_without_account(guard.reach(actor, "account.manage", now=now)),
        parts=unit_list.parts(listed.within, lambda unit: missing[unit.id]),
    )


def _waiting(listed: unit_list.Narrowed, actor: Actor, now: datetime) -> tuple[int, list[User]]:
    """How many accounts there are in what is listed, and those of them that nobody has come in with."""
    ids = guard.reach(actor, "account.manage", now=now)
    below = ids if listed.unit is None else {unit.id for _depth, unit in listed.within}
    everyone = [user for user in account_queries.accounts(below, listed.q) if user.active]
    return len(everyone), [user for user in everyone if user.password_hash is None]


def _place(user: User) -> int | None:
    return user.person.unit_id if user.person else user.unit_id


def _q() -> str:
    return request.args.get("q", "").strip()[:200]


@bp.post("/people/invitations/accounts")
@guard.requires("account.manage")
def make_accounts() -> ResponseReturnValue:
    """Accounts for everybody in reach who has none."""
    actor, now = guard.current_actor(), clock.now()
    ids = guard.reach(actor, "account.manage", now=now)
    with transaction():
        made = missing_accounts.ensure_accounts(account_queries.people_without_account(ids), now=now, actor=actor)
    message = ngettext("Đã tạo %(num)s tài khoản.", "Đã tạo %(num)s tài khoản.", len(made))
    return back(url_for("people.invitations"), message)


@bp.post("/people/invitations")
@guard.requires("account.manage")
def print_slips() -> ResponseReturnValue:
    """The slips themselves: shown once, because the secret in each is not kept. Of each ``user``; with ``all`` of
    everybody listed (``unit``, ``q``) who has none that is still good; a unit nobody knows lists nobody."""
    actor, now = guard.current_actor(), clock.now()
    listed = unit_list.narrowed(units_within(actor, "account.manage", now), request.form)
    chosen = [each for value in request.form.getlist("user") if (each := whole_number(value)) is not None]
    if request.form.get("all"):
        unknown = request.form.get("unit", "").strip() if listed.unit is None else ""
        if unknown:
            said = _(
                "Không có đơn vị “%(code)s” trong phạm vi của đồng chí. Chọn lại đơn vị rồi in phiếu.", code=unknown
            )
            return back(url_for("people.invitations", **listed.asked), said, "warn")
        waiting = [user.id for user in _waiting(listed, actor, now)[1]]
        have = account_queries.open_invitations(waiting, now)
        chosen = [user_id for user_id in waiting if user_id not in have]
    if not chosen:
        page = url_for("people.invitations", **listed.asked)
        return back(page, _("Chọn ít nhất một người để in phiếu mời."), "warn")
    proof.ensure(actor, now=now)
    slips = accounts.invite(chosen[:MOST_SLIPS], now=now, actor=actor)
    public_url = current_app.config["PUBLIC_URL"]
    return render_template(
        "people/accounts/slips.html",
        batches=_by_unit(slips),
        public_url=public_url,
        left=len(chosen[MOST_SLIPS:]),
        only_here=any(host in public_url for host in ("//127.", "//localhost", "//[::1]")),
    )


def _by_unit(slips: list[Slip]) -> list[tuple[str, list[dict[str, Any]]]]:
    """(unit, its slips) down the tree: each goes to one place in one envelope."""
    batches: dict[int | None, list[Slip]] = {}
    for slip in slips:
        batches.setdefault(slip.unit_id, []).append(slip)
    order = {unit.id: place for place, (_depth, unit) in enumerate(queries.unit_tree(), start=1)}
    return [
        (batches[unit_id][0].unit or _("Toàn doanh nghiệp"), [_printable(slip) for slip in batches[unit_id]])
        for unit_id in sorted(batches, key=lambda unit_id: order.get(unit_id or 0, 0))
    ]


def _printable(slip: Slip) -> dict[str, Any]:
    url = current_app.config["PUBLIC_URL"] + url_for("auth.invitation", token=slip.token)
    code = segno.make(url, error="m", micro=False)
    return {"slip": slip, "url": url, "qr": Markup(code.svg_inline(border=0, omitsize=True))}  # noqa: S704  (our own SVG)


@bp.get("/people/accounts")
@guard.requires("account.manage")
def account_list() -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    found = account_queries.accounts(guard.reach(actor, "account.manage", now=now), _q())
    shown = pages.part(found, arguments.number("page", 1))
    ids = [user.id for user in shown.rows]
    seen, desks = account_queries.last_seen(ids), account_queries.shared_desks(ids)
    return render_template("people/accounts/accounts.html", shown=shown, seen=seen, desks=desks, q=_q())


@bp.get("/people/accounts/<int:user_id>")
@guard.requires("account.manage")
def account_of(user_id: int) -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    user = account_queries.user_by_id(user_id)
    accounts.ensure_may_manage(actor, user, now=now)
    return _account_page(user)


def _role_form(form: Any, actor: Actor, now: datetime) -> Any:
    whole = bool(guard.allowed(actor, "account.manage", None, now=now))
    form.fill_choices(actor.role, units_within(actor, "account.manage", now), whole)
    return form


def account_with(
    user_id: int, *, form: RoleForm | None = None, desk_form: DeskForm | None = None
) -> ResponseReturnValue:
    """The page of an account with a form that has something wrong."""
    user = account_queries.user_by_id(user_id)
    accounts.ensure_may_manage(guard.current_actor(), user, now=clock.now())
    return _account_page(user, form=form, desk_form=desk_form, status=422)


def _account_page(
    user: User, *, form: RoleForm | None = None, desk_form: DeskForm | None = None, status: int = 200
) -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    desk = account_queries.shared_desk(user.id)
    role = RoleForm(formdata=None, role=user.role, unit_code=user.unit.code if user.unit else "")
    minutes = desk.lock_minutes if desk else LOCK_MINUTES
    return render_template(
        "people/accounts/account.html",
        user=user,
        form=form or _role_form(role, actor, now),
        desk=desk,
        desk_form=desk_form or DeskForm(formdata=None, lock_minutes=minutes),
        pin=account_queries.pin_of(user.id),
        seen=account_queries.last_seen([user.id]).get(user.id),
        invitation=account_queries.open_invitations([user.id], now).get(user.id),
    ), status


@bp.post("/people/accounts/<int:user_id>/role")
@guard.requires("account.manage")
def set_role(user_id: int) -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    form = _role_form(RoleForm(), actor, now)
    if form.validate():
        try:
            accounts.set_role(user_id, form.role.data, form.unit_code.data or None, now=now, actor=actor)
            return back(url_for("people.account_of", user_id=user_id), _("Đã đổi vai trò."))
        except Forbidden:
            raise
        except DomainError as error:
            form.take(error)
    return account_with(user_id, form=form)


@bp.post("/people/accounts/<int:user_id>/active")
@guard.requires("account.manage")
def set_account_active(user_id: int) -> ResponseReturnValue:
    active, now = request.form.get("active") == "yes", clock.now()
    user = accounts.set_active(user_id, active, now=now, actor=guard.current_actor())
    page = url_for("people.account_of", user_id=user_id)
    if active:
        return back(page, _("Đã mở tài khoản."))
    left = leftovers.describe_leftovers(user, now=now)
    person = user.person
    kept = effects.kept(person.id, now=now) if person is not None and person.active else 0
    if person is None or not kept:
        closed = _("Đã khóa tài khoản.")
        return back(page, f"{closed} {left}", "warn") if left else back(page, closed)
    words = ngettext(
        "Đã khóa tài khoản. %(num)s ca đã ban hành vẫn là của người này: nếu đã nghỉ việc, bỏ chọn Đang làm việc.",
        "Đã khóa tài khoản. %(num)s ca đã ban hành vẫn là của người này: nếu đã nghỉ việc, bỏ chọn Đang làm việc.",
        kept,
    )
    return back(url_for("people.edit_person", code=person.code), f"{words} {left}".strip(), "warn")


@bp.get("/people/keys")
@guard.requires("key.manage")
def key_list() -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    return _keys_page(_new_key_form(actor, now))


def _new_key_form(actor: Actor, now: datetime) -> Any:
    return _role_form(KeyForm(formdata=None, role="viewer", scopes=[scopes.READ]), actor, now)


def _keys_page(form: KeyForm, secret: str = "", status: int = 200) -> ResponseReturnValue:
    units = {unit.id: unit for unit in queries.units()}
    return render_template(
        "people/accounts/keys.html",
        form=form,
        keys=account_queries.api_keys(),
        units=units,
        secret=secret,
        now=clock.now(),
        soon=timedelta(days=max(keys.TOLD_BEFORE)),
        scopes_of=lambda key: scopes.parsed(key.scopes),
        scope_names=SCOPE_NAMES,
        makers=queries.actor_names({key.made_by for key in account_queries.api_keys() if key.made_by}),
    ), status


@bp.post("/people/keys")
@guard.requires("key.manage")
def create_key() -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    form = _role_form(KeyForm(), actor, now)
    if not form.validate():
        return _keys_page(form, status=422)
    try:
        _key, secret = keys.create_api_key(
            keys.NewApiKey(
                form.name.data or "",
                form.role.data,
                form.unit_code.data or None,
                None,
                scopes=form.scopes.data or (),
                days=form.days.data or 0,
            ),
            now=now,
            actor=actor,
        )
    except Invalid as error:
        form.take(error)
        return _keys_page(form, status=422)
    return _keys_page(_new_key_form(actor, now), secret, 201)


@bp.post("/people/keys/<int:key_id>/revoke")
@guard.requires("key.manage")
def revoke_key(key_id: int) -> ResponseReturnValue:
    keys.revoke_api_key(key_id, now=clock.now(), actor=guard.current_actor())
    return back(url_for("people.key_list"), _("Đã thu hồi khóa."))
