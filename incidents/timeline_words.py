"""Timeline entries in words, in the reader's language; what is stored is kind and params. Each room says its own."""

from __future__ import annotations

from flask_babel import gettext as _

from incidents.attachments.words import LINES as ATTACHMENTS
from incidents.creation.words import LINES as CREATION
from incidents.escalation.words import LINES as ESCALATION
from incidents.grouping.words import LINES as GROUPING
from incidents.legal.words import LINES as LEGAL
from incidents.maintenance.words import LINES as MAINTENANCE
from incidents.merging.words import LINES as MERGING
from incidents.paging.words import LINES as PAGING
from incidents.public_reports.words import LINES as PUBLIC_REPORTS
from incidents.record.models import TimelineEntry
from incidents.response.words import LINES as RESPONSE
from incidents.triage.words import LINES as TRIAGE
from incidents.words import EntryStyle, Kinds

LINES: dict[str, EntryStyle] = {
    **CREATION,
    **PUBLIC_REPORTS,
    **ESCALATION,
    **PAGING,
    **RESPONSE,
    **TRIAGE,
    **ATTACHMENTS,
    **MERGING,
    **GROUPING,
    **MAINTENANCE,
    **LEGAL,
}
"""By the kind of the entry."""


def text(entry: TimelineEntry, kinds: Kinds) -> str:
    """One entry as a sentence; ``kinds`` are the duty kinds by code."""
    line = LINES.get(entry.kind)
    said = line.say(entry.params, kinds) if line else entry.kind
    match entry.params.get("way"):
        case "link":
            return _("%(said)s (bằng đường dẫn trong lời gọi)", said=said)
        case "shared_link":
            return _("%(said)s (bằng đường dẫn gửi cả vào địa chỉ chung của đơn vị)", said=said)
        case "given_link":
            return _("%(said)s (bằng đường dẫn gửi cả vào địa chỉ do người quản lý thêm)", said=said)
        case _:
            return said


def look(entry: TimelineEntry) -> tuple[str, str]:
    """The icon of its line, and the tone of that."""
    line = LINES.get(entry.kind)
    return (line.icon, line.tone) if line else ("clock", "")
