"""Gateways of SMS and calls for administrators: described as data, tried out, and watched; and the door for their
delivery reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import DomainError, Forbidden, Invalid, NotFound, by_field
from core.web import back, csrf
from desk.gateways import forms as gateway_form
from duty.inbound_messages import services as replies
from notify import delivery_reports, outbox, precedence, prices, queries as notify, sms_text
from notify.gateways import breakers, recipe as http_recipe, services as gateways, standings, watching
from notify.gateways.models import GATEWAY_CHANNELS, Gateway
from notify.gateways.providers import RECIPES
from notify.messages import HOLD_REASONS, STATES
from notify.models import Message
from people import queries as people
from people.access import guard
from people.notification_rules.addressed import addressed

bp = Blueprint("gateways", __name__, url_prefix="/gateways")
TRIED = 5
"""Trials shown under a gateway."""


@bp.get("/")
@guard.requires("settings.write")
def index() -> ResponseReturnValue:
    """Return what carries messages here, and whether it is well."""
    return _list_page()


def _list_page(fault: Invalid | None = None) -> ResponseReturnValue:
    """``fault``: of prices that were typed."""
    failing = breakers.known()
    page = render_template(
        "desk/gateways/gateways.html",
        gateways=gateways.listed(),
        breakers_by_name={row.name: row for row in failing},
        standings={row.gateway: row for row in standings.known()},
        refused=gateways.refused_tokens(),
        only_templates=gateways.only_templates(),
        slow={row.gateway for row in standings.known() if standings.is_slow(row, clock.now())},
        led_around=watching.led_around(clock.now()),
        others=[row for row in failing if row.name.partition("/")[0] not in GATEWAY_CHANNELS],
        sent_by=notify.sent_by(),
        usable={each.id for channel in GATEWAY_CHANNELS for each in gateways.ready(channel)},
        recipes=RECIPES,
        keyless=[code for code in RECIPES if _hears_no_keys(code)],
        hearing=[code for code, recipe in RECIPES.items() if recipe["settings"].get("in_from")],
        mail=current_app.config["MAIL_URL"] is not None,
        prices=request.form if fault else prices.prices(),
        faults=by_field(fault),
    )
    return page, fault.http_status if fault else 200


@bp.post("/prices")
@guard.requires("settings.write")
def write_prices() -> ResponseReturnValue:
    """Return what a text message and a call cost; pages that send many say what they will cost."""
    try:
        prices.write(request.form, actor=guard.current_actor(), now=clock.now())
    except Invalid as fault:
        return _list_page(fault)
    return back(url_for(".index", _anchor="prices"), _("Đã lưu giá."))


@bp.route("/new", methods=["GET", "POST"])
@guard.requires("settings.write")
def new() -> ResponseReturnValue:
    """A gateway that starts from the shape of a usual provider (``?recipe=``)."""
    code = request.args.get("recipe", "")
    start = RECIPES.get(code)
    if start is None:
        raise NotFound("gateway.no_recipe")
    if request.method == "POST":
        return _save(None, request.form)
    typed = gateway_form.recipe_form(start["channel"], start["name"], start["settings"])
    return _page(None, typed)


@bp.route("/<int:gateway_id>", methods=["GET", "POST"])
@guard.requires("settings.write")
def edit(gateway_id: int) -> ResponseReturnValue:
    """Everything of it but its secrets, which are never shown again."""
    row = gateways.by_id(gateway_id)
    if request.method == "POST":
        return _save(row, request.form)
    return _page(row, gateway_form.gateway_form(row))


@bp.post("/<int:gateway_id>/remove")
@guard.requires("settings.write")
def remove(gateway_id: int) -> ResponseReturnValue:
    """Take it away with its secrets; what waits for it is carried by the others of its kind, or held."""
    gateways.remove(gateway_id, actor=guard.current_actor(), now=clock.now())
    return back(url_for(".index"), _("Đã xóa cổng gửi tin."))


@bp.post("/<int:gateway_id>/trial")
@guard.requires("settings.write")
def trial(gateway_id: int) -> ResponseReturnValue:
    """A message of its kind to the own telephone, through this very gateway, also when another one is first."""
    row, actor, now = gateways.by_id(gateway_id), guard.current_actor(), clock.now()
    person = people.person_by_id(actor.person_id) if actor.person_id is not None else None
    if person is None or not person.phone:
        return back(
            url_for(".edit", gateway_id=row.id), _("Tài khoản này chưa gắn với người có số điện thoại."), "warn"
        )
    outbox.enqueue(
        topic=_trials(row),
        key=f"gateway/{row.id}/{now.isoformat()}",
        **addressed(person, row.channel, person.phone),
        subject=_("Gửi thử"),
        now=now,
        urgent=True,
        rank=precedence.NOTICE,
        link=f"{current_app.config['PUBLIC_URL']}/a/gui-thu" if row.settings.get("templates") else "",
        facts={"through": gateways.name_of(row), "alone": True, **_trial_facts(row)},
        body=_("Trực Tết gửi thử từ cổng %(name)s. Không cần trả lời.", name=row.name),
    )
    return back(url_for(".edit", gateway_id=row.id), _("Đã chuyển tin thử đi gửi; kết quả hiện bên dưới."))


reports_bp = Blueprint("gateway_reports", __name__, url_prefix="/gateways")
csrf.exempt(reports_bp)


@reports_bp.route("/<int:gateway_id>/report/<token>", methods=["GET", "POST"])
@guard.public
def report(gateway_id: int, token: str) -> Response:
    """Return what a provider says later of a message, and what came in; the address is its secret. JSON, a form or a
    query are read.

    Some providers know GET alone (eSMS). The address is told to nobody else, so no scanner of links comes here.
    """
    row = gateways.by_id(gateway_id)
    if not gateways.is_report_token(row, token):
        raise NotFound("gateway.unknown")
    if request.method != "HEAD" and not _is_signed(row):
        raise Forbidden("gateway.unsigned")
    told = _told(row) if request.method != "HEAD" else {}
    came = gateways.came_in(row, told)
    if came is not None:
        replies.take(came, gateway_id, now=clock.now())
        return Response("OK", 200, mimetype="text/plain")
    known = delivery_reports.take(gateway_id, told, now=clock.now())
    return Response("OK" if known else "unknown", 200, mimetype="text/plain")


def _told(row: Gateway) -> dict[str, Any]:
    """Return what the provider says. Of one that signs the body alone, and as JSON whatever it is called: whoever
    overheard it may write any query beside it, and texts that it quotes would be read as the fields of a form."""
    signs = gateways.signs(row)
    if request.is_json or signs:
        sent = request.get_json(silent=True, force=signs)
        return sent if isinstance(sent, dict) else {}
    return {**request.args.to_dict(), **request.form.to_dict()}


def _is_signed(row: Gateway) -> bool:
    return gateways.is_signed(row, request.get_data(), dict(request.headers), now=clock.now())


def _save(row: Gateway | None, typed: Mapping[str, str]) -> ResponseReturnValue:
    try:
        filled = gateway_form.read_form(typed)
        saved = gateways.save(row.id if row else None, filled, actor=guard.current_actor(), now=clock.now())
    except DomainError as error:
        return _page(row, typed, error), error.http_status
    return back(url_for(".edit", gateway_id=saved.id), _("Đã lưu cổng %(name)s.", name=saved.name))


def _page(row: Gateway | None, typed: Mapping[str, str], error: DomainError | None = None) -> str:
    field = str(getattr(error, "field", "") or "") if error else ""
    return render_template(
        "desk/gateways/gateway.html",
        row=row,
        typed=typed,
        now=clock.now(),
        problem=error.message() if error else "",
        field=field,
        secrets=gateway_form.secret_names(typed),
        report=gateways.report_url(row) if row else "",
        unsigned=gateways.refused_report_at(row) if row else None,
        refused=gateways.refused_tokens().get(gateways.name_of(row), "") if row else "",
        trials=_tried(row),
        states=STATES,
        reasons=HOLD_REASONS,
        sample=_sample(typed),
        choices=gateway_form.CHOICES,
        breaker=next((each for each in breakers.known() if row and each.name == gateways.name_of(row)), None),
    )


def _sample(typed: Mapping[str, str]) -> str:
    """Return what an SMS will look like, so that a registered wording can be compared."""
    if typed.get("channel") != "sms":
        return ""
    facts: dict[str, Any] = {
        "code": "SC-2026-0007",
        "severity": 2,
        "step": 1,
        "title": _("Xe thư hỏng trên đèo Mang Yang"),
        "unit": _("Bưu điện huyện Đak Đoa"),
        "link": f"{current_app.config['PUBLIC_URL']}/a/{'x' * 32}",
    }
    return sms_text.fill(typed.get("text") or sms_text.ONE, facts, gateway_form.limit_of(typed))


def _trial_facts(row: Gateway) -> dict[str, Any]:
    """Return what an approved template says of a trial."""
    if not row.settings.get("templates"):
        return {}
    words = {"title": _("Gửi thử, không cần trả lời"), "unit": row.name, "asks": _("Gửi thử")}
    return {"code": "SC-0000-0000", "severity": 4, "step": 1, **words}


def _hears_no_keys(code: str) -> bool:
    """Whether calls of that recipe only read aloud."""
    recipe = http_recipe.from_json(RECIPES[code]["settings"])
    return RECIPES[code]["channel"] == "voice" and "callback" not in http_recipe.places(recipe)


def _trials(row: Gateway) -> str:
    return f"gateway/{row.id}"


def _tried(row: Gateway | None) -> list[Message]:
    return list(notify.by_topic(_trials(row)))[-TRIED:][::-1] if row else []
