"""PURE where a campaign stands on its way: dự thảo, trình ký, đã ban hành, đã sửa, đã đóng."""

from __future__ import annotations

from typing import Literal

Stage = Literal["draft", "submitted", "published", "amended", "closed"]
STAGES: tuple[Stage, ...] = ("draft", "submitted", "published", "amended", "closed")


def stage_for(state: str, revision: int, *, waits: bool) -> Stage:
    """``state`` and ``revision`` of the campaign; ``waits``: a draft of it is submitted, and neither returned nor
    published yet."""
    if state == "closed":
        return "closed"
    if waits:
        return "submitted"
    if state == "draft":
        return "draft"
    return "amended" if revision > 1 else "published"


def shown(*, needs_approval: bool) -> tuple[Stage, ...]:
    """Return those that a campaign passes through."""
    return tuple(each for each in STAGES if needs_approval or each != "submitted")
