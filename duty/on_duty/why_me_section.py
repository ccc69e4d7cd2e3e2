"""The way from one's own pages to "Vì sao là tôi?": what stands there takes a moment, so it is read there alone."""

from __future__ import annotations

from duty.on_duty.own_sections import OwnSection
from roster.why_me import queries

WHY_ME = OwnSection("roster/why_me/_link.html", queries.has_any)
