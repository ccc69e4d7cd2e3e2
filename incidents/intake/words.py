"""What a source sent, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from incidents.intake.formats import UNREADABLE

NAMES = {
    "pagerduty": "PagerDuty Events v2",
    "alertmanager": "Prometheus Alertmanager",
    "uptime_kuma": "Uptime Kuma",
    "grafana": "Grafana",
    "zabbix": "Zabbix",
    "apprise": "Apprise",
}
"""In whose manner an alarm was read → the name of that program, the same in every language."""


REFUSALS: dict[str, Any] = {
    "size": _l("tin lớn hơn 512 KB"),
    "door": _l("gửi đến địa chỉ của loại nguồn khác"),
    "revoked": _l("gửi sau khi khóa đã bị thu hồi"),
    "key": _l("khóa không của nguồn nào"),
}
"""Why nothing was taken in."""


def refusal(why: str) -> str:
    return str(REFUSALS.get(why, why))


def manner(form: str) -> str:
    """Return in whose manner it was read."""
    if form == "mail":
        return _("Thư điện tử")
    if form == UNREADABLE:
        return _("Không đọc được")
    return NAMES.get(form) or _("JSON không theo chương trình nào")
