"""The app as a phone's home screen keeps it: name, icons, colours, shortcuts."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from core.assets import asset
from core.i18n import locale

CARD = "#1e1b18"
"""Of the bar in the dark (``static/css/app.css``): dark first."""


def manifest() -> dict[str, Any]:
    """W3C Web Application Manifest, in the language of the request."""
    return {
        "id": "/",
        "name": _("Trực Tết"),
        "short_name": _("Trực Tết"),
        "description": _("Lịch trực và sự cố của doanh nghiệp bưu chính"),
        "lang": str(locale()),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": CARD,
        "theme_color": CARD,
        "icons": [
            _icon("icon-192.png", "192x192"),
            _icon("icon-512.png", "512x512"),
            {**_icon("icon-maskable-512.png", "512x512"), "purpose": "maskable"},
            {"src": asset("icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
        "shortcuts": [
            {"name": _("Ghi sự cố"), "url": "/incidents/new", "icons": [_icon("icon-192.png", "192x192")]},
            {"name": _("Đang trực"), "url": "/tonight", "icons": [_icon("icon-192.png", "192x192")]},
        ],
    }


def _icon(name: str, sizes: str) -> dict[str, str]:
    return {"src": asset(name), "sizes": sizes, "type": "image/png"}
