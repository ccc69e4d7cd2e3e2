"""What a pattern would do, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from roster.draft import edit_log
from roster.draft.proposed import KeptSeats
from roster.patterns.dealing import Why
from roster.patterns.proposing import PatternProposal
from roster.patterns.rules import THERE
from roster.words.why_not import reason


def why(codes: Why) -> str:
    """Why somebody was passed over."""
    return "; ".join(dict.fromkeys(_("đã ở trong ca này") if code == THERE else reason(code) for code in codes))


def kept(found: KeptSeats) -> list[str]:
    """Return what is left as it is."""
    said = [
        (found.pinned, _("%(n)s chỗ đã ghim", n=found.pinned)),
        (found.begun, _("%(n)s chỗ của ca đã bắt đầu", n=found.begun)),
        (found.taken, _("%(n)s chỗ đã có người", n=found.taken)),
    ]
    return [text for number, text in said if number]


def name(found: PatternProposal) -> str:
    """Return it as undo will name it."""
    return edit_log.at_once({"pattern": found.wanted.pattern, "unit": found.unit.code}, len(found.edits))
