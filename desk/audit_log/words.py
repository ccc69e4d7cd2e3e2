"""What an entry of the record says: a sentence for each action, a word for each thing, how somebody came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from desk.audit_log import values
from desk.audit_log.facts import label
from desk.audit_log.labels import THINGS
from desk.audit_log.sentences_incidents import INCIDENTS
from desk.audit_log.sentences_others import LETTERS, SYSTEM
from desk.audit_log.sentences_people import ACCOUNTS, PEOPLE
from desk.audit_log.sentences_roster import ROSTER
from desk.audit_log.values import POINTS_TO, Names

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
NOT_ON_PAGES = frozenset({"route", "method", "topic"})
"""Names of parts of the program: in files alone, for whoever looks into a fault."""


@dataclass(frozen=True)
class AuditFact:
    """``is_words``: the value is in the reader's language, not a name or what somebody typed."""

    label: str
    value: str
    is_words: bool


def sentence(action: str) -> str:
    """Return what was done; an action of a later version keeps its code."""
    return str(SENTENCES.get(action, action))


def thing(kind: str) -> str:
    return str(THINGS.get(kind, kind))


def way(via: str) -> str:
    return str(WAYS.get(via, via))


def shown(action: str, detail: Mapping[str, Any], names: Names) -> tuple[AuditFact, ...]:
    """The facts of an entry in words; ``names`` as in ``naming.names``."""
    kept = {key: kept for key, kept in detail.items() if key not in NOT_SHOWN | NOT_ON_PAGES}
    said = ((key, values.value(action, key, each, names)) for key, each in kept.items())
    return tuple(AuditFact(label(action, key), each.text, each.is_words) for key, each in said if each.text)


def facts(action: str, detail: Mapping[str, Any], names: Names) -> str:
    """The same in one line for a file, with codes as they are kept: programs look for them."""
    told = [(key, _kept(key, kept, names)) for key, kept in detail.items() if key not in NOT_SHOWN]
    return " · ".join(f"{label(action, key)}: {kept}" for key, kept in told if kept)


def _kept(key: str, kept: Any, names: Names) -> str:
    if kept is None or kept in ("", [], {}):
        return ""
    if isinstance(kept, bool):
        return _("có") if kept else _("không")
    if isinstance(kept, dict):
        return ", ".join(f"{name}: {each}" for name, each in kept.items())
    if isinstance(kept, list):
        return ", ".join(_kept(key, each, names) for each in kept)
    known = names.get((POINTS_TO.get(key, ""), str(kept))) if isinstance(kept, int) else None
    return known or str(kept)
