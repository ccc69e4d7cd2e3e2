"""What an entry of the record says: a sentence for each action, a word for each thing, how somebody came in."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from desk.audit_log.labels import FACTS, THINGS
from desk.audit_log.sentences_incidents import INCIDENTS
from desk.audit_log.sentences_others import LETTERS, SYSTEM
from desk.audit_log.sentences_people import ACCOUNTS, PEOPLE
from desk.audit_log.sentences_roster import ROSTER

AREAS: dict[str, tuple[Any, dict[str, Any]]] = {
    "accounts": (_l("Tài khoản, đăng nhập và địa chỉ"), ACCOUNTS),
    "people": (_l("Đơn vị, nhân sự và vắng mặt"), PEOPLE),
    "roster": (_l("Lịch trực"), ROSTER),
    "incidents": (_l("Sự cố và bàn trực"), INCIDENTS),
    "letters": (_l("Công văn, báo cáo và điểm phục vụ"), LETTERS),
    "system": (_l("Hệ thống và cổng gửi tin"), SYSTEM),
}
"""The kinds of entries as people look for them: name of an area → its title, and each action in it."""
SENTENCES: dict[str, Any] = {action: said for _title, some in AREAS.values() for action, said in some.items()}
WAYS: dict[str, Any] = {
    "session": _l("phiên đăng nhập"),
    "desk": _l("máy dùng chung"),
    "api_key": _l("khóa API"),
    "link": _l("liên kết riêng"),
    "slip": _l("phiếu in"),
    "report": _l("tờ mã QR"),
    "cli": _l("dòng lệnh"),
    "system": _l("máy tự làm"),
}
"""``core.actor.Via`` → how they came in."""
NOT_SHOWN = frozenset({"hash", "sha256", "draft_version", "seed", "objective", "bound", "pdf", "docx"})
"""Facts that prove something to a program, and tell a reader nothing."""


def sentence(action: str) -> str:
    """What was done; an action of a later version keeps its code."""
    return str(SENTENCES.get(action, action))


def thing(kind: str) -> str:
    return str(THINGS.get(kind, kind))


def way(via: str) -> str:
    return str(WAYS.get(via, via))


def facts(detail: dict[str, Any], names: dict[tuple[str, str], str]) -> str:
    """The facts of an entry in one line; ``names`` as in ``naming.names``."""
    shown = [(key, _value(key, value, names)) for key, value in detail.items() if key not in NOT_SHOWN]
    return " · ".join(f"{FACTS.get(key, key)}: {value}" for key, value in shown if value)


def _value(key: str, value: Any, names: dict[tuple[str, str], str]) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, dict):
        return ", ".join(f"{name}: {each}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_value(key, each, names) for each in value)
    return names.get((key, str(value)), str(value))
