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
from desk.health_checks.check import CheckFinding, CheckPassed, HealthCheck
from notify.addresses import is_loopback

KNOWN_ENVIRONMENTS = ("production", "development", "test")
SHORTEST_KEY = 32
WITHIN = 5.0
CLOCKS_APART = 5.0


def is_production() -> bool:
    return bool(current_app.config["APP_ENV"] == "production")


def _unknown(_now: datetime) -> CheckFinding | CheckPassed:
    given = current_app.config["APP_ENV"]
    known = given in KNOWN_ENVIRONMENTS
    return CheckPassed(f"APP_ENV={given}") if known else CheckFinding("environment_unknown", 1, f"APP_ENV={given}")


def _trial(_now: datetime) -> CheckFinding | None:
    given = current_app.config["APP_ENV"]
    return None if is_production() else CheckFinding("environment_lax", 1, f"APP_ENV={given}")


def _short_key(_now: datetime) -> CheckFinding | None:
    given = current_app.config["SECRET_KEY"]
    return CheckFinding("secret_key_short", 1) if len(given) < SHORTEST_KEY else None


def _proxies(_now: datetime) -> CheckFinding | None:
    given = current_app.config
    behind = given["PUBLIC_URL"].startswith("https://") and is_loopback(given["HOST"])
    return CheckFinding("proxies_untrusted", 1) if behind and not given["TRUSTED_PROXIES"] else None


def _demo_on(_now: datetime) -> CheckFinding | None:
    given = current_app.config
    return CheckFinding("demo_setting", 1) if given["DEMO"] and not given["TESTING"] else None


def _url() -> str:
    return str(current_app.config["PUBLIC_URL"])


def _parts() -> SplitResult:
    return urlsplit(_url())


def _loopback(_now: datetime) -> CheckFinding | None:
    return CheckFinding("address_loopback", 1, _url()) if is_loopback(_parts().hostname or "") else None


def _plain(_now: datetime) -> CheckFinding | None:
    return None if _parts().scheme == "https" else CheckFinding("address_plain", 1, _url())


def _inner(_now: datetime) -> CheckFinding | None:
    return CheckFinding("address_inner", 1, _url()) if _is_private(_parts().hostname or "") else None


def _is_private(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return host.endswith((".local", ".lan", ".internal")) or "." not in host


def _silent(_now: datetime) -> CheckFinding | CheckPassed:
    try:
        _date()
    except (urllib.error.URLError, OSError, ValueError) as why:
        return CheckFinding("address_silent", 1, f"{_url()}/healthz: {getattr(why, 'reason', why)}")
    return CheckPassed(_("%(url)s trả lời; hãy mở thử từ điện thoại không dùng Wi-Fi", url=f"{_url()}/healthz"))


def _date() -> str:
    with urllib.request.urlopen(f"{_url()}/healthz", timeout=WITHIN) as answer:  # noqa: S310 (set by the operator)
        return answer.headers.get("Date") or ""


def _clock(_now: datetime) -> CheckFinding | None:
    said = _date()
    apart = abs((parsedate_to_datetime(said) - clock.wall()).total_seconds()) if said else 0.0
    return CheckFinding("address_clock", 1, f"{_url()}: {apart:.0f} s") if apart > CLOCKS_APART else None


CHECKS = (
    HealthCheck("environment_unknown", "settings", "set_up", "fault", "expensive", _unknown),
    HealthCheck("environment_lax", "settings", "set_up", "note", "expensive", _trial, ("environment_unknown",)),
    HealthCheck("secret_key_short", "settings", "set_up", "fault", "expensive", _short_key),
    HealthCheck("proxies_untrusted", "settings", "set_up", "unsafe", "expensive", _proxies),
    HealthCheck("demo_setting", "settings", "set_up", "unsafe", "expensive", _demo_on),
    HealthCheck("address_loopback", "address", "set_up", "unsafe", "expensive", _loopback),
    HealthCheck("address_plain", "address", "set_up", "unsafe", "expensive", _plain, ("address_loopback",)),
    HealthCheck("address_inner", "address", "set_up", "note", "expensive", _inner, ("address_loopback",)),
    HealthCheck("address_silent", "address", "lines", "fault", "expensive", _silent, ("address_loopback",)),
    HealthCheck("address_clock", "clock", "lines", "fault", "expensive", _clock, ("address_silent",)),
)
