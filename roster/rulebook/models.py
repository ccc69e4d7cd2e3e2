"""What campaigns have chosen for the planning rules."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db


class CampaignRule(db.Model):
    """What a campaign has chosen for one rule; ``None`` and absent parameters mean: as the rule's default says."""

    __tablename__ = "campaign_rules"
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    is_on: Mapped[bool | None]
    is_hard: Mapped[bool | None]
    weight: Mapped[int | None]
    """Hundredths of a point per unit of breach, while the rule is soft."""
    parameters: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    pairs: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    """Pairs of shift names, for rules about what may not follow what."""
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by: Mapped[str] = mapped_column(Text)
