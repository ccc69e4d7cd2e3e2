"""What a document says, as plain words; and a draft of it as the pages make it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from core.actor import Actor
from documents.drafting import services as drafting
from documents.drafting.services import DocumentDraft, DraftRequest
from documents.kinds import Content
from documents.paper import Block, Heading, Items, LabelledFacts, PaperTable, Paragraph, Signatures


def draft(about: str, kind: str, actor: Actor, now: datetime, language: str = "vi", **options: str) -> DocumentDraft:
    return drafting.make(DraftRequest(about, kind, options, language), actor=actor, now=now)


def lines(content: Content) -> list[str]:
    """In their order; a row of a table is one line, its cells with a bar between."""
    return [
        line
        for part in (content.blocks, *(each.blocks for each in content.appendices))
        for block in part
        for line in _words_of(block)
    ]


def whole(content: Content) -> str:
    return "\n".join([content.kind, content.abstract, *content.addressed_to, *lines(content)])


def facts(content: Content) -> dict[str, str]:
    """Label → value, of all of them."""
    return {label: value for block in content.blocks if isinstance(block, LabelledFacts) for label, value in block.rows}


def table(content: Content, name: str) -> list[list[str]]:
    """The rows of the table whose name begins so."""
    found = next(each for each in content.blocks if isinstance(each, PaperTable) and each.name.startswith(name))
    return [[cell.text for cell in row] for row in found.rows]


def _words_of(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield "".join(run.text for run in block.runs)
    elif isinstance(block, Heading):
        yield block.text
    elif isinstance(block, Items):
        yield from block.lines
    elif isinstance(block, LabelledFacts):
        yield from (f"{label}: {value}" for label, value in block.rows)
    elif isinstance(block, PaperTable):
        yield from (" | ".join(cell.text for cell in row) for row in block.rows)
    elif isinstance(block, Signatures):
        yield from (f"{each.role}: {each.name} {each.note}" for each in block.parties)
