"""What the frame of every page shows: the menu by rights, whether the engine is alive, whether sending is paused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask import g, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import ScalarSelect

from core import clock
from core.actor import Actor
from core.i18n import duration
from core.observability import heartbeat
from notify import pause
from people.access import guard
from people.models import Person

TABS = ("/", "/incidents/", "/roster/", "/me/")
"""At the foot of a telephone, around the button that reports an incident."""


def _entries() -> list[tuple[str, str, str, str | None]]:
    """(address, words, icon, the right that shows it; ``None`` = everybody signed in)."""
    return [
        ("/", _("Bàn trực"), "home", None),
        ("/roster/", _("Lịch trực"), "calendar", "roster.read"),
        ("/incidents/", _("Sự cố"), "bell", "incident.read"),
        ("/me/", _("Ca của tôi"), "user", "roster.read"),
        ("/calls/", _("Gọi tay"), "phone", "incident.dispatch"),
        ("/incidents/figures/", _("Báo cáo"), "chart", "incident.close"),
        ("/documents/", _("Văn bản"), "file", "document.issue"),
        ("/letter/", _("Công văn"), "list-check", "directive.read"),
        ("/letter/reports/", _("Báo cáo cơ quan nhà nước"), "shield", "reporting.read"),
        ("/people/", _("Nhân sự"), "users", "person.read"),
        ("/import/", _("Nhập dữ liệu"), "upload", "import.run"),
        ("/outbox/", _("Tin chờ gửi"), "send", "outbox.read"),
        ("/gateways/", _("Cổng gửi tin"), "settings", "settings.write"),
        ("/start/", _("Bắt đầu"), "rocket", "campaign.write"),
        ("/system/", _("Tình trạng hệ thống"), "shield", "system.read"),
    ]


def nav() -> list[dict[str, Any]]:
    """Entries for base.html; asked for only by pages that show a menu.

    ``badge``: a number; ``None``: never one. ``tab``: its place at the foot of a telephone; 0: none.
    """
    if not current_user.is_authenticated:
        return []
    if "nav" not in g:
        entries = [entry for entry in _entries() if entry[3] is None or guard.can(entry[3])]
        here = max((url for url, *_rest in entries if _is_within(url)), key=len, default="")
        g.nav = [
            {
                "url": url,
                "label": label,
                "icon": icon,
                "current": url == here,
                "badge": _badges[url]() if url in _badges else None,
                "tab": TABS.index(url) + 1 if url in TABS else 0,
            }
            for url, label, icon, _right in entries
        ]
    shown: list[dict[str, Any]] = g.nav
    return shown


def _is_within(url: str) -> bool:
    return request.path == url if url == "/" else request.path.startswith(url)


def engine() -> dict[str, Any]:
    """``alive`` and, when it is not, ``late_for`` in words; ``paused`` after a restore."""
    if "engine" not in g:
        now = clock.now()
        alive, *found = heartbeat.alive_beside([column() for column in _beside.values()], now=now)
        g.beside = dict(zip(_beside, found, strict=True))
        beat_at = None if alive else heartbeat.last_beat()
        late = duration((now - beat_at).total_seconds()) if beat_at is not None and beat_at < now else None
        g.engine = {"alive": alive, "late_for": late, "paused": pause.current()}
    state: dict[str, Any] = g.engine
    return state


_beside: dict[str, Callable[[], ScalarSelect[Any]]] = {}


def read_beside(name: str, column: Callable[[], ScalarSelect[Any]]) -> None:
    """Ask for ``column`` on every page, with whether the engine is alive: it costs no statement of its own."""
    _beside[name] = column


def beside(name: str) -> Any:
    """Return what was found for ``name`` in this request."""
    engine()
    return g.beside[name]


_badges: dict[str, Callable[[], int]] = {}


def add_badge(url: str, count: Callable[[], int]) -> None:
    """A number beside the entry of ``url``, for those who see that entry; 0: none."""
    _badges[url] = count


PersonPanel = Callable[[Person, Actor, datetime], str | None]
_panels: list[PersonPanel] = []


def show_person_panels(panels: Iterable[PersonPanel]) -> None:
    """These and no others, in this order: ``panel(person, actor, now)`` answers safe HTML (``Markup``) or ``None``.

    So that packages above can show duties and the like without people knowing of them.
    """
    _panels[:] = panels


def person_panels(person: Person, actor: Actor, now: datetime) -> list[str]:
    return [shown for shown in (panel(person, actor, now) for panel in _panels) if shown]
