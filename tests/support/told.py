"""What a paper of a roster tells, taken apart: its tables row by row, and all its words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from core.actor import Actor
from documents.drafting import services as drafting
from documents.drafting.services import DraftRequest
from documents.kinds import Content
from documents.paper import Block, Paper, PaperTable
from documents.rendering import drawing
from tests.support.cast import ADMIN


def content(
    about: str, kind: str, *, now: datetime, actor: Actor = ADMIN, language: str = "vi", **options: str
) -> Content:
    """As the draft tells it, asked for as pages do."""
    return drafting.make(DraftRequest(about, kind, options, language), actor=actor, now=now).content


def paper(about: str, kind: str, *, now: datetime, actor: Actor = ADMIN, **options: str) -> Paper:
    return drafting.paper(drafting.make(DraftRequest(about, kind, options), actor=actor, now=now))


def blocks(told: Content) -> list[Block]:
    return [*told.blocks, *(block for appendix in told.appendices for block in appendix.blocks)]


def tables(told: Content) -> list[PaperTable]:
    return [block for block in blocks(told) if isinstance(block, PaperTable)]


def rows(table: PaperTable) -> Iterator[dict[str, str]]:
    """Title of a column (its first line) → text, with what cells above reach down with."""
    titles = [column.title.partition("\n")[0] for column in table.columns]
    held: dict[int, tuple[str, int]] = {}
    for number, placed in enumerate(drawing.placed(table)):
        for column, cell in placed:
            held[column] = (cell.text, number + cell.rows)
        yield {titles[at]: text for at, (text, until) in sorted(held.items()) if until > number}


def words(told: Any) -> str:
    """Everything that it says, as one text."""
    if isinstance(told, str):
        return told
    if isinstance(told, (list, tuple)):
        return "\n".join(map(words, told))
    if hasattr(told, "__dataclass_fields__"):
        return "\n".join(
            words(getattr(told, name)) for name in told.__dataclass_fields__ if name not in ("needs", "symbol")
        )
    return ""


def digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit() or each == "\n")
