"""Papers as Word documents, to go on writing in. The same paper gives the same bytes."""

from __future__ import annotations

from documents.paper import Paper


def docx(paper: Paper) -> bytes:
    # Loaded by the first one: python-docx costs a process a tenth of a second.
    from documents.rendering import word_document

    return word_document.made(paper)
