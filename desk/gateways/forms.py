"""The form of a gateway: from a recipe to fields and back; headers as lines, a body as JSON or text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from core.errors import Invalid
from core.form_values import fitting, whole_number
from notify.gateways import recipe as http_recipe, services as gateways
from notify.gateways.models import Gateway
from notify.gateways.recipe import InvalidRecipe, Recipe

TEXTS = (
    "url",
    "method",
    "encoding",
    "number",
    "sender",
    "jwt",
    "oauth",
    "token_url",
    "ring_again",
    "at",
    "success",
    "permanent",
    "elsewhere",
    "ended",
    "id_at",
    "balance_url",
    "balance_at",
    "report_id",
    "report_at",
    "delivered",
    "undelivered",
    "in_at",
    "in_text",
    "in_call",
    "in_from",
    "in_words",
    "in_id",
    "signing",
    "text",
    "text_several",
)
"""Fields of a recipe that are one line."""
COUNTS = ("balance_low", "daily_limit", "answers_daily")
"""Fields that are whole numbers; empty: 0, which warns of no balance and limits no texts or answers of a day."""
MOST = 1_000_000_000
LONGEST_TEXT, LONGEST_NAME = 2000, 80
CHOICES: dict[str, list[tuple[str, Any]]] = {
    "channel": [("sms", _l("Tin nhắn SMS")), ("voice", _l("Gọi thoại tự động"))],
    "method": [(each, each) for each in http_recipe.METHODS],
    "encoding": [
        ("json", "JSON"),
        ("form", _l("Biểu mẫu (form)")),
        ("query", _l("Trên địa chỉ (query)")),
        ("raw", _l("Văn bản, XML")),
    ],
    "number": [("84", "84912…"), ("0", "0912…"), ("+84", "+84912…")],
    "jwt": [("", _l("Không")), ("stringee", "Stringee")],
    "ring_again": [
        ("", _l("Khi cổng báo được là có người nghe")),
        ("always", _l("Luôn gọi lại, trừ khi đã có người nhận")),
        ("never", _l("Không gọi lại")),
    ],
    "oauth": [("", _l("Không")), ("zalo", "Zalo")],
    "signing": [("", _l("Không ký")), ("android", "SMS Gateway for Android (X-Signature)")],
}


def recipe_form(channel: str, name: str, settings: Mapping[str, Any]) -> dict[str, str]:
    """A fresh form that starts from a recipe."""
    recipe = asdict(http_recipe.from_json(settings))
    return {"channel": channel, "name": name, "position": "1", "active": "1", **_written(recipe)}


def gateway_form(row: Gateway) -> dict[str, str]:
    """The form of a gateway that is there; without its secrets."""
    switches = {"active": "1" if row.active else "", "allow_private": "1" if row.allow_private else ""}
    recipe = {**asdict(Recipe("")), **row.settings}
    return {"channel": row.channel, "name": row.name, "position": str(row.position), **switches, **_written(recipe)}


def read_form(typed: Mapping[str, str]) -> gateways.GatewayInput:
    """Return what was typed. Raises Invalid at the field that makes no sense."""
    this = _("Mục này")
    values: dict[str, Any] = {each: fitting(typed.get(each, "").strip(), LONGEST_TEXT, each, this) for each in TEXTS}
    position = whole_number(typed.get("position", "").strip())
    if position is None or not 1 <= position <= 99:
        raise Invalid("gateway.position", field="position")
    values |= {"headers": _headers(typed.get("headers", "")), "limit": limit_of(typed)}
    values |= {name: _count(typed, name) for name in COUNTS}
    values["body"] = _body(typed.get("body", ""), values["encoding"])
    values["templates"] = _templates(typed.get("templates", ""))
    recipe = Recipe(**values)
    gateways.checked(recipe)
    secrets = {name: typed.get(f"secret_{name}", "").strip() for name in http_recipe.secret_names(recipe)}
    return gateways.GatewayInput(
        typed.get("channel", ""),
        fitting(typed.get("name", "").strip(), LONGEST_NAME, "name", _("Tên cổng")),
        position,
        bool(typed.get("active")),
        bool(typed.get("allow_private")),
        recipe,
        secrets,
    )


def secret_names(typed: Mapping[str, str]) -> list[str]:
    """Secrets that what is typed asks for, as far as it can be read."""
    try:
        return http_recipe.secret_names(read_form({**typed, "position": "1"}).recipe)
    except (Invalid, InvalidRecipe):
        return sorted(name.removeprefix("secret_") for name in typed if name.startswith("secret_"))


def limit_of(typed: Mapping[str, str]) -> int:
    """Characters of one SMS; 160 when nothing sensible is typed."""
    limit = whole_number(typed.get("limit", "").strip())
    return limit if limit is not None and 70 <= limit <= 1000 else 160


def _templates(text: str) -> dict[str, Any]:
    found = _json(text, "templates")
    if not isinstance(found, dict):
        raise Invalid("gateway.bad_field", field="templates", why="{…}")
    return found


def _json(text: str, field: str) -> Any:
    try:
        return json.loads(text or "{}")
    except ValueError as fault:
        raise Invalid("gateway.bad_field", field=field, why=str(fault)) from fault


def _count(typed: Mapping[str, str], name: str) -> int:
    text = typed.get(name, "").strip().replace(".", "")  # a dot parts thousands here: 12.500
    value = whole_number(text) if text else 0
    if value is None or not 0 <= value <= MOST:
        raise Invalid("gateway.count", field=name, most=MOST)
    return value


def _written(recipe: Mapping[str, Any]) -> dict[str, str]:
    body = recipe["body"]
    written = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, indent=2)
    headers = "\n".join(f"{name}: {value}" for name, value in recipe["headers"].items())
    texts = {name: str(recipe[name]) for name in TEXTS}
    counts = {name: str(recipe[name] or "") for name in COUNTS}
    templates = json.dumps(recipe["templates"], ensure_ascii=False, indent=2) if recipe["templates"] else ""
    return {
        **texts,
        **counts,
        "templates": templates,
        "body": written,
        "headers": headers,
        "limit": str(recipe["limit"]),
    }


def _headers(text: str) -> dict[str, str]:
    found = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if line.strip() and not (
            colon and name.strip().isascii() and name.strip().replace("-", "").replace("_", "").isalnum()
        ):
            raise Invalid("gateway.bad_field", field="headers", why=line.strip()[:60])
        if line.strip():
            found[name.strip()] = value.strip()
    return found


def _body(text: str, encoding: str) -> Any:
    if encoding == "raw":
        return text
    body = _json(text, "body")
    if not isinstance(body, dict | list):
        raise Invalid("gateway.bad_field", field="body", why="{…}")
    return body
