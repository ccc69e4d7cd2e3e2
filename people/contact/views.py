"""Pages of single addresses: add, change, prove by a code, devices and services."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import DomainError, Forbidden, NotFound, by_field
from core.text import format_phone
from core.web import back, csrf
from notify.message_states import delivery_states
from people.access import guard
from people.blueprint import bp
from people.contact import addresses, endpoints, verification
from people.contact.views_reach import home_of, reach_page, reachable_person
from people.models import ContactMethod, Person
from people.notification_rules import words as reach_words
from people.notification_rules.models import ContactCode, Endpoint
from people.sign_in import proof


@bp.route("/people/person/<code>/reach/address", methods=["GET", "POST"])
@guard.requires("reach.write")
def add_address(code: str) -> ResponseReturnValue:
    """One more mail or number."""
    person = reachable_person(code)
    if request.method == "GET":
        return _address_page(person, None)
    try:
        addresses.add(
            code,
            request.form.get("channel", ""),
            request.form.get("address", ""),
            password=request.form.get("password"),
            shared=request.form.get("shared") == "y",
            now=clock.now(),
            actor=guard.current_actor(),
        )
    except Forbidden:
        raise
    except DomainError as error:
        return _address_page(person, None, error), error.http_status
    return back(home_of(person), _("Đã thêm. Nên xác nhận bằng mã ngay."))


@bp.route("/people/person/<code>/reach/address/<int:contact_id>", methods=["GET", "POST"])
@guard.requires("reach.write")
def edit_address(code: str, contact_id: int) -> ResponseReturnValue:
    """Change it, make it the first of its kind, or take it away."""
    person, now, actor = reachable_person(code), clock.now(), guard.current_actor()
    contact = _contact_of(person, contact_id)
    if request.method == "GET":
        return _address_page(person, contact)
    password = request.form.get("password")
    try:
        match request.form.get("do"):
            case "remove":
                addresses.remove(contact_id, password=password, now=now, actor=actor)
                said = _("Đã bỏ địa chỉ.")
            case "promote":
                addresses.promote(contact_id, now=now, actor=actor)
                said = _("Đã đặt làm địa chỉ chính.")
            case _do:
                addresses.change(
                    contact_id,
                    request.form.get("address", ""),
                    password=password,
                    shared=request.form.get("shared") == "y",
                    now=now,
                    actor=actor,
                )
                said = _("Đã lưu. Địa chỉ mới cần xác nhận lại.")
    except Forbidden:
        raise
    except DomainError as error:
        return _address_page(reachable_person(code), _contact_of(person, contact_id), error), error.http_status
    return back(home_of(person), said)


@bp.post("/people/person/<code>/reach/code")
@guard.requires("reach.write")
def send_code(code: str) -> ResponseReturnValue:
    person = reachable_person(code)
    try:
        sent = verification.send(code, request.form.get("way", ""), now=clock.now(), actor=guard.current_actor())
    except Forbidden:
        raise
    except DomainError as error:
        return reach_page(person, problem=error.message()), error.http_status
    return back(url_for(".check_code", code=code, code_id=sent.id), _("Đã tạo mã mới."))


@bp.route("/people/person/<code>/reach/code/<int:code_id>", methods=["GET", "POST"])
@guard.requires("reach.write")
def check_code(code: str, code_id: int) -> ResponseReturnValue:
    person = reachable_person(code)
    sent = verification.by_id(code_id)
    if sent.person_id != person.id:
        raise NotFound("contact.code_unknown")
    if request.method == "GET":
        return _code_page(person, sent)
    try:
        verification.check(code_id, request.form.get("code", ""), now=clock.now(), actor=guard.current_actor())
    except Forbidden:
        raise
    except DomainError as error:
        return _code_page(person, verification.by_id(code_id), error), error.http_status
    return back(home_of(person), _("Đã xác nhận: tin gửi tới địa chỉ này đến đúng người."))


@bp.post("/people/person/<code>/reach/devices")
@guard.requires("reach.write")
def add_device(code: str) -> ResponseReturnValue:
    """The browser at hand, with the subscription that it made."""
    try:
        subscription = json.loads(request.form.get("subscription", ""))
    except ValueError:
        subscription = None
    name = request.form.get("name", "").strip() or _device_name()
    return _do(
        code,
        lambda now, actor: endpoints.add_device(code, subscription, name, now=now, actor=actor),
        _("Máy này sẽ nhận thông báo. Hãy gửi thử một lần."),
    )


@bp.post("/people/person/<code>/reach/services")
@guard.requires("reach.write")
def add_service(code: str) -> ResponseReturnValue:
    form = request.form
    return _do(
        code,
        lambda now, actor: endpoints.add_service(
            code, form.get("url", ""), form.get("name", ""), password=form.get("password"), now=now, actor=actor
        ),
        _("Đã thêm dịch vụ. Hãy gửi thử một lần."),
    )


@bp.post("/people/person/<code>/reach/devices/<int:endpoint_id>")
@guard.requires("reach.write")
def change_device(code: str, endpoint_id: int) -> ResponseReturnValue:
    """Rename it, or take it away (``do=remove``)."""
    if endpoints.by_id(endpoint_id).person_id != reachable_person(code).id:
        raise NotFound("contact.unknown")
    if request.form.get("do") == "remove":
        return _do(code, lambda now, actor: endpoints.remove(endpoint_id, now=now, actor=actor), _("Đã bỏ thiết bị."))
    name = request.form.get("name", "")
    return _do(code, lambda now, actor: endpoints.rename(endpoint_id, name, now=now, actor=actor), _("Đã đổi tên."))


@bp.post("/push/renew")
@csrf.exempt  # type: ignore[untyped-decorator]
@guard.public
def renew_device() -> ResponseReturnValue:
    """Asked by a browser's service worker, which has no page and no session."""
    body = request.get_json(silent=True)
    given = body if isinstance(body, dict) else {}
    endpoints.renew(given.get("old"), given.get("subscription"), address=request.remote_addr or "", now=clock.now())
    return "", 204


def _do(code: str, change: Callable[..., Any], said: str) -> ResponseReturnValue:
    person = reachable_person(code)
    try:
        change(clock.now(), guard.current_actor())
    except Forbidden:
        raise
    except DomainError as error:
        return reach_page(person, problem=error.message(), typed=request.form), error.http_status
    return back(f"{home_of(person)}#devices", said)


def _contact_of(person: Person, contact_id: int) -> ContactMethod:
    contact = addresses.by_id(contact_id)
    if contact.person_id != person.id:
        raise NotFound("contact.unknown")
    return contact


def _address_page(person: Person, contact: ContactMethod | None, error: DomainError | None = None) -> str:
    return render_template(
        "people/contact/reach_address.html",
        person=person,
        contact=contact,
        home=home_of(person),
        faults=_faults(error),
        typed=request.form,
        asks=not proof.is_fresh(clock.now()),
    )


def _code_page(person: Person, sent: ContactCode, error: DomainError | None = None) -> str:
    device = endpoints.by_id(sent.endpoint_id) if sent.endpoint_id is not None else None
    return render_template(
        "people/contact/reach_code.html",
        person=person,
        sent=sent,
        home=home_of(person),
        words=reach_words,
        came=delivery_states.latest_state(verification.topic(person.id)),
        open=verification.is_open(sent, clock.now()),
        shown=_shown(sent, device),
        faults=_faults(error),
    )


def _shown(sent: ContactCode, device: Endpoint | None) -> str:
    if device is not None:
        return device.name
    return format_phone(sent.address) if sent.channel in ("sms", "voice") else sent.address


def _faults(error: DomainError | None) -> dict[str, str]:
    """By field; what belongs to none of the fields stands under ``""``."""
    if error is None:
        return {}
    return by_field(error) or {"": error.message()}


def _device_name() -> str:
    """Return what the browser says of itself, until somebody gives it a better name."""
    agent = request.user_agent.string
    kinds = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac", "Mac"))
    return next((name for word, name in kinds if word in agent), _("Trình duyệt"))
