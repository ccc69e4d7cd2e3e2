"""What a source sent, in words."""

from __future__ import annotations

from flask_babel import gettext as _

NAMES = {
    "pagerduty": "PagerDuty Events v2",
    "alertmanager": "Prometheus Alertmanager",
    "uptime_kuma": "Uptime Kuma",
    "grafana": "Grafana",
    "zabbix": "Zabbix",
    "apprise": "Apprise",
}
"""In whose manner an alarm was read → the name of that program, the same in every language."""


def manner(form: str) -> str:
    """In whose manner it was read."""
    if form == "mail":
        return _("Thư điện tử")
    return NAMES.get(form) or _("JSON không theo chương trình nào")
