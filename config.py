"""Environment → settings, read once. Refuses to start unsafe in production (names: docs/operations.md)."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from core.storage import sqlite
from desk.backups import passphrase
from notify.addresses import networks

MODES = {
    "APP_ENV": ("development", "production", "test"),
    "SQLITE_DRIVER": sqlite.CHOICES,
    "LOG_FORMAT": ("text", "json"),
}
"""Settings that are one word of a few: another word is a mistake that must not mean the weaker of them."""
SHORTEST_KEY = 32
"""Bytes of a SECRET_KEY in production."""


class UnsafeConfiguration(click.ClickException):
    """The environment asks for what cannot be run safely or at all; on a command line one sentence and exit 1."""


def load(environ: dict[str, str] | None = None) -> dict[str, Any]:
    """Settings for ``create_app`` from the environment (default: this process's)."""
    env = dict(os.environ) if environ is None else environ
    data_dir = Path(env.get("DATA_DIR") or "instance").resolve()
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    host, port = env.get("HOST", "127.0.0.1"), _whole("PORT", env.get("PORT") or "8000", most=65535)
    public_url = (env.get("PUBLIC_URL") or f"http://{host}:{port}").rstrip("/")
    settings = {
        "APP_ENV": _one_of("APP_ENV", env.get("APP_ENV")),
        "DATA_DIR": data_dir,
        "HOST": host,
        "PORT": port,
        "PUBLIC_URL": public_url,
        "SQLALCHEMY_DATABASE_URI": env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'truc-tet.sqlite3'}",
        "SQLITE_DRIVER": _one_of("SQLITE_DRIVER", env.get("SQLITE_DRIVER")),
        "SECRET_KEY": env.get("SECRET_KEY") or "",
        "SECRET_KEY_OLD": env.get("SECRET_KEY_OLD") or "",
        "SECRET_KEY_FALLBACKS": [env["SECRET_KEY_OLD"]] if env.get("SECRET_KEY_OLD") else [],
        "MAIL_URL": _mail_url(env.get("MAIL_URL")),
        "MAIL_FROM": env.get("MAIL_FROM") or "truc-tet@localhost",
        "CALLER_NUMBERS": _callers(env.get("CALLER_NUMBERS")),
        "OUTGOING_ALLOW": _networks(env.get("OUTGOING_ALLOW")),
        "DEMO": env.get("DEMO", "1") != "0",
        "TICK_SECONDS": _seconds("TICK_SECONDS", env.get("TICK_SECONDS") or "1"),
        "TRUSTED_PROXIES": _whole("TRUSTED_PROXIES", env.get("TRUSTED_PROXIES") or "0", most=9),
        "TRUSTED_PROXIES_SET": bool(env.get("TRUSTED_PROXIES")),
        "WATCHDOG_URL": _web_address("WATCHDOG_URL", env.get("WATCHDOG_URL")),
        "LOG_FORMAT": _one_of("LOG_FORMAT", env.get("LOG_FORMAT")),
        "MAX_CONTENT_LENGTH": 16 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 8 * 1024 * 1024,  # cells pasted from a sheet of a whole province
        **_copies(env),
        **_cookies(public_url, port),
        **_babel(),
    }
    if settings["APP_ENV"] == "production":
        _refuse_unsafe(settings)
    settings["SECRET_KEY_KEPT"] = not settings["SECRET_KEY"]
    settings["SECRET_KEY"] = settings["SECRET_KEY"] or _kept_secret(data_dir / "secret-key")
    return settings


def _copies(env: Mapping[str, str]) -> dict[str, Any]:
    return {
        "BACKUP_DIR": _folder(env.get("BACKUP_DIR")),
        "BACKUP_PASSPHRASE": _passphrase(env.get("BACKUP_PASSPHRASE"), env.get("BACKUP_PASSPHRASE_FILE")),
        "COPY_BEFORE_MIGRATION": True,
        "PG_BIN": env.get("PG_BIN") or None,
    }


def _one_of(name: str, text: str | None) -> str:
    known = MODES[name]
    if text and text not in known:
        raise UnsafeConfiguration(f"{name}={text}: one of {', '.join(known)} is expected")
    return text or known[0]


def _whole(name: str, text: str, *, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= most):
        raise UnsafeConfiguration(f"{name}={text}: a whole number from 0 to {most} is expected")
    return int(text)


def _seconds(name: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise UnsafeConfiguration(f"{name}={text}: seconds above 0 and up to 3600 are expected")
    return seconds


def _is_mail_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # the port is no number of a port
        return False


def _mail_url(text: str | None) -> str | None:
    # Found out now rather than by the first incident whose call does not leave.
    if text and not _is_mail_url(text):
        raise UnsafeConfiguration("MAIL_URL must look like smtp://[user:password@]host:port or smtps://…")
    return text or None


def _networks(text: str | None) -> str:
    # Inner networks that webhooks and push services may stand in (gateways have a switch of their own).
    try:
        networks(text or "")
    except ValueError as fault:
        raise UnsafeConfiguration(
            f"OUTGOING_ALLOW={text}: networks like 10.1.0.0/16,127.0.0.0/8 are expected"
        ) from fault
    return text or ""


def _web_address(name: str, text: str | None) -> str | None:
    try:
        parts = urlsplit(text or "")
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if text and not fits:
        raise UnsafeConfiguration(f"{name} must look like https://host/path")
    return text or None


def _folder(text: str | None) -> Path | None:
    # Not made when it is missing: a stick that is not plugged in must not become a folder of this disk.
    return Path(text).resolve() if text else None


def _passphrase(text: str | None, path: str | None) -> str | None:
    try:
        return passphrase.checked(text) if text else passphrase.from_file(Path(path)) if path else None
    except passphrase.Unfit as fault:
        raise UnsafeConfiguration(f"BACKUP_PASSPHRASE{'' if text else '_FILE'}: {fault}") from fault


def _callers(text: str | None) -> tuple[str, ...]:
    callers = tuple(part.strip() for part in (text or "").split(",") if part.strip())
    if any(len(each) > 20 or not each.isprintable() for each in callers):
        raise UnsafeConfiguration(f"CALLER_NUMBERS={text}: numbers or sender names of at most 20 characters, by comma")
    return callers


def _cookies(public_url: str, port: int) -> dict[str, Any]:
    # __Host- cookies are dropped over plain http on any host but loopback; the port keeps two copies apart.
    secure = public_url.startswith("https://")
    return {
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_HTTPONLY": True,
        # Not with every answer: that of a poll sent before something was chosen would undo the choice.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_NAME": "__Host-truc-tet" if secure else f"truc-tet-{port}",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": secure,
    }


def _babel() -> dict[str, Any]:
    root = Path(__file__).parent
    return {"BABEL_DEFAULT_LOCALE": "vi", "BABEL_TRANSLATION_DIRECTORIES": str(root / "translations")}


def _refuse_unsafe(settings: dict[str, Any]) -> None:
    faults = []
    if not settings["SECRET_KEY"]:
        faults.append("SECRET_KEY is not set")
    elif len(settings["SECRET_KEY"].encode()) < SHORTEST_KEY:
        faults.append(f"SECRET_KEY must have at least {SHORTEST_KEY} bytes (make one: openssl rand -hex 32)")
    if not settings["PUBLIC_URL"].startswith("https://"):
        faults.append("PUBLIC_URL must start with https://")
    if settings["DEMO"]:
        faults.append("DEMO must be 0")
    if not settings["TRUSTED_PROXIES_SET"]:
        faults.append("TRUSTED_PROXIES must say how many proxies stand in front (0: none), or all visitors look alike")
    if faults:
        raise UnsafeConfiguration("APP_ENV=production refuses to start: " + "; ".join(faults))


def _kept_secret(path: Path) -> str:
    """The installation's own secret, made once; readable by its owner alone."""
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        # link() refuses to replace: of two processes that start at once, the first one's secret stays.
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()
