"""Drafts that were just made, kept for a while: a preview is one request for the pages and one for each page.

A file is named after everything that the paper says, so it never goes stale; the oldest are thrown away.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from flask import current_app

from documents.paper import Paper, as_json
from documents.rendering import allowance, pdf as typesetting

MOST = 40
"""Files of one node."""
_FOLDER = "previews"


def pdf(paper: Paper, who: str, now: datetime) -> bytes:
    """Return it as ``documents.rendering.pdf.pdf``, at once when it was made a while ago; else from ``who``'s
    allowance."""
    folder = Path(current_app.config["DATA_DIR"]) / _FOLDER
    said = json.dumps(as_json(paper), ensure_ascii=False, sort_keys=True)
    path = folder / f"{hashlib.sha256(said.encode()).hexdigest()}.pdf"
    with suppress(OSError):
        return path.read_bytes()
    with allowance.spent(paper, who, now):
        made = typesetting.pdf(paper, who=who)
    with suppress(OSError):  # a full disk costs time, not the preview
        folder.mkdir(mode=0o700, exist_ok=True)
        _keep(path, made)
        _forget(folder)
    return made


def _keep(path: Path, content: bytes) -> None:
    """Whole or not at all, also when two threads keep the same one."""
    handle, whole = tempfile.mkstemp(dir=path.parent)  # for our eyes only
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(whole).replace(path)


def _forget(folder: Path) -> None:
    for old in sorted(folder.iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)[MOST:]:
        old.unlink(missing_ok=True)
