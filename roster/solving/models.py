"""A request to assign automatically, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from roster.campaigns.models import Campaign

RUN_STATUSES = ("queued", "running", "optimal", "feasible", "infeasible", "failed", "cancelled")
SOLVE_MODES = ("whole", "replan")
RECHECKS = ("pending", "confirmed", "unconfirmed", "refuted", "gone")


class SolveRun(db.Model):
    """One request to assign automatically; claimed by a worker under a lease."""

    __tablename__ = "solve_runs"
    __table_args__ = (
        enum_check("status", RUN_STATUSES),
        enum_check("mode", SOLVE_MODES),
        enum_check("recheck", RECHECKS),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    status: Mapped[str] = mapped_column(Text, default="queued")
    seconds: Mapped[int]
    seed: Mapped[int]
    mode: Mapped[str] = mapped_column(Text, default="whole", server_default="whole")
    """``replan``: as little change to the draft as what happened since asks for."""
    keeps_all: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A re-plan that moves nobody and only fills what is empty."""
    part: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What is assigned alone (``roster.solving.parts``): unit, duty, from, to; None: all of the campaign."""
    reproducible: Mapped[bool] = mapped_column(default=False, server_default=false())
    requested_by: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lease_owner: Mapped[str | None] = mapped_column(Text)
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    """Claims that came to no end: a run that kills its worker is not tried for ever."""
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    keep_best: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Stopped early: the best roster is written, as if time had run out."""
    draft_version: Mapped[int] = mapped_column(default=0)
    """The draft it started from: a draft that was edited meanwhile keeps the manager's cells."""
    objective: Mapped[int | None] = mapped_column(BigInteger)
    bound: Mapped[int | None] = mapped_column(BigInteger)
    progress: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """[[seconds, cost, bound or null, empty seats, engine, pieces, pieces proved], …]; the first four in older runs."""
    violations: Mapped[list[Any]] = mapped_column(JSON, default=list)
    conflicts: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Per empty seat: who could not take it and why (codes and params)."""
    certificate: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    changes: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Of a re-plan: changed seats, how many must change, and a fairer roster that is offered (roster.fairer)."""
    error: Mapped[str] = mapped_column(Text, default="")
    recheck: Mapped[str | None] = mapped_column(Text)
    """What became of a bound of before claims passed one account (``roster.solving.verifying``); None: of since."""
    rechecked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    recheck_bound: Mapped[int | None] = mapped_column(BigInteger)
    """What is proven instead of ``bound``."""
    campaign: Mapped[Campaign] = relationship()
