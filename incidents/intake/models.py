"""What came along with the alarm that an incident began with."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import db


class IncidentDetails(db.Model):
    """Names and values as the source sent them, bounded (``incidents.intake.cleaning``); none of incidents that concern
    Party, State or KT1, or that few may see."""

    __tablename__ = "incident_details"
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True)
    form: Mapped[str] = mapped_column(Text)
    """In whose manner it came: uptime_kuma, zabbix, …"""
    rows: Mapped[list[list[str]]] = mapped_column(JSON)
    """[[name, value], …] in the order in which they came."""
