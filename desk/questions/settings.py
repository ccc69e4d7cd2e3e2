"""What strangers and phones meet first: the environment's settings, and the address of this installation."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from flask import current_app
from flask_babel import gettext as _

from core import clock
from desk.questions.question import Fine, QuestionFinding, ReadinessQuestion
from notify.addresses import is_loopback

KNOWN_ENVIRONMENTS = ("production", "development", "test")
SHORTEST_KEY = 32
WITHIN = 5.0
CLOCKS_APART = 5.0


def is_production() -> bool:
    return bool(current_app.config["APP_ENV"] == "production")


def _unknown(_now: datetime) -> QuestionFinding | Fine:
    given = current_app.config["APP_ENV"]
    known = given in KNOWN_ENVIRONMENTS
    return Fine(f"APP_ENV={given}") if known else QuestionFinding("environment_unknown", 1, f"APP_ENV={given}")


def _trial(_now: datetime) -> QuestionFinding | None:
    given = current_app.config["APP_ENV"]
    return None if is_production() else QuestionFinding("environment_lax", 1, f"APP_ENV={given}")


def _short_key(_now: datetime) -> QuestionFinding | None:
    given = current_app.config["SECRET_KEY"]
    return QuestionFinding("secret_key_short", 1) if len(given) < SHORTEST_KEY else None


def _proxies(_now: datetime) -> QuestionFinding | None:
    given = current_app.config
    behind = given["PUBLIC_URL"].startswith("https://") and is_loopback(given["HOST"])
    return QuestionFinding("proxies_untrusted", 1) if behind and not given["TRUSTED_PROXIES"] else None


def _demo_on(_now: datetime) -> QuestionFinding | None:
    given = current_app.config
    return QuestionFinding("demo_setting", 1) if given["DEMO"] and not given["TESTING"] else None


def _url() -> str:
    return str(current_app.config["PUBLIC_URL"])


def _parts() -> SplitResult:
    return urlsplit(_url())


def _loopback(_now: datetime) -> QuestionFinding | None:
    return QuestionFinding("address_loopback", 1, _url()) if is_loopback(_parts().hostname or "") else None


def _plain(_now: datetime) -> QuestionFinding | None:
    return None if _parts().scheme == "https" else QuestionFinding("address_plain", 1, _url())


def _inner(_now: datetime) -> QuestionFinding | None:
    return QuestionFinding("address_inner", 1, _url()) if _is_private(_parts().hostname or "") else None


def _is_private(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return host.endswith((".local", ".lan", ".internal")) or "." not in host


def _silent(_now: datetime) -> QuestionFinding | Fine:
    try:
        _date()
    except (urllib.error.URLError, OSError, ValueError) as why:
        return QuestionFinding("address_silent", 1, f"{_url()}/healthz: {getattr(why, 'reason', why)}")
    return Fine(_("%(url)s trả lời; hãy mở thử từ điện thoại không dùng Wi-Fi", url=f"{_url()}/healthz"))


def _date() -> str:
    with urllib.request.urlopen(f"{_url()}/healthz", timeout=WITHIN) as answer:  # noqa: S310 (set by the operator)
        return answer.headers.get("Date") or ""


def _clock(_now: datetime) -> QuestionFinding | None:
    said = _date()
    apart = abs((parsedate_to_datetime(said) - clock.wall()).total_seconds()) if said else 0.0
    return QuestionFinding("address_clock", 1, f"{_url()}: {apart:.0f} s") if apart > CLOCKS_APART else None


QUESTIONS = (
    ReadinessQuestion("environment_unknown", "settings", "set_up", "fault", "dear", _unknown),
    ReadinessQuestion("environment_lax", "settings", "set_up", "note", "dear", _trial, ("environment_unknown",)),
    ReadinessQuestion("secret_key_short", "settings", "set_up", "fault", "dear", _short_key),
    ReadinessQuestion("proxies_untrusted", "settings", "set_up", "unsafe", "dear", _proxies),
    ReadinessQuestion("demo_setting", "settings", "set_up", "unsafe", "dear", _demo_on),
    ReadinessQuestion("address_loopback", "address", "set_up", "unsafe", "dear", _loopback),
    ReadinessQuestion("address_plain", "address", "set_up", "unsafe", "dear", _plain, ("address_loopback",)),
    ReadinessQuestion("address_inner", "address", "set_up", "note", "dear", _inner, ("address_loopback",)),
    ReadinessQuestion("address_silent", "address", "lines", "fault", "dear", _silent, ("address_loopback",)),
    ReadinessQuestion("address_clock", "clock", "lines", "fault", "dear", _clock, ("address_silent",)),
)
