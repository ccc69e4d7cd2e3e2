"""On what terms somebody publishes: what is noted, what is borne, and whether anybody is told."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import Conflict


@dataclass(frozen=True)
class PublishTerms:
    """``accept_gaps``: why what is left open or broken is borne. ``tell``: False tells nobody, for a reason;
    ``roster.late_notices`` may later."""

    note: str = ""
    accept_gaps: str | None = None
    tell: bool = True
    tell_reason: str = ""

    @property
    def silence(self) -> str:
        """Return why nobody is told of the revision; empty: everybody concerned is. Raises Conflict
        ``publish.why_untold``: like gaps, it is a decision that is not made without saying why."""
        given = self.tell_reason.strip()
        if not self.tell and not given:
            raise Conflict("publish.why_untold", field="tell_reason")
        return "" if self.tell else given


USUAL_TERMS = PublishTerms()
