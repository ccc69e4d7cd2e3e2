"""Environment → settings, read once. Refuses to start unsafe in production (names: docs/operations.md)."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any


class UnsafeConfiguration(RuntimeError):
    """Production was asked for without what production needs."""


def load(environ: dict[str, str] | None = None) -> dict[str, Any]:
    """Settings for ``create_app`` from the environment (default: this process's)."""
    env = dict(os.environ) if environ is None else environ
    data_dir = Path(env.get("DATA_DIR") or "instance").resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    host, port = env.get("HOST", "127.0.0.1"), int(env.get("PORT", "8000"))
    public_url = (env.get("PUBLIC_URL") or f"http://{host}:{port}").rstrip("/")
    settings = {
        "APP_ENV": env.get("APP_ENV", "development"),
        "DATA_DIR": data_dir,
        "HOST": host,
        "PORT": port,
        "PUBLIC_URL": public_url,
        "SQLALCHEMY_DATABASE_URI": env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'truc-tet.sqlite3'}",
        "SECRET_KEY": env.get("SECRET_KEY") or "",
        "MAIL_URL": env.get("MAIL_URL") or None,
        "MAIL_FROM": env.get("MAIL_FROM") or "truc-tet@localhost",
        "DEMO": env.get("DEMO", "1") != "0",
        "TICK_SECONDS": float(env.get("TICK_SECONDS", "1")),
        "TRUSTED_PROXIES": int(env.get("TRUSTED_PROXIES", "0")),
        "LOG_FORMAT": env.get("LOG_FORMAT", "text"),
        "MAX_CONTENT_LENGTH": 16 * 1024 * 1024,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_HTTPONLY": True,
        **_cookies(public_url, port),
        **_babel(),
    }
    if settings["APP_ENV"] == "production":
        _refuse_unsafe(settings)
    settings["SECRET_KEY"] = settings["SECRET_KEY"] or _kept_secret(data_dir / "secret-key")
    return settings


def _cookies(public_url: str, port: int) -> dict[str, Any]:
    # __Host- cookies are dropped over plain http on any host but loopback; the port keeps two copies apart.
    secure = public_url.startswith("https://")
    return {
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
    if not settings["PUBLIC_URL"].startswith("https://"):
        faults.append("PUBLIC_URL must start with https://")
    if settings["DEMO"]:
        faults.append("DEMO must be 0")
    if faults:
        raise UnsafeConfiguration("APP_ENV=production refuses to start: " + "; ".join(faults))


def _kept_secret(path: Path) -> str:
    """The installation's own secret, made once; readable by its owner alone."""
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.write_text(secrets.token_hex(32))
        fresh.chmod(0o600)
        # link() refuses to replace: of two processes that start at once, the first one's secret stays.
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()
