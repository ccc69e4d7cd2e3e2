"""What was read in an upload, between its preview and its confirmation: in DATA_DIR, for its uploader alone."""

from __future__ import annotations

import gzip
import json
import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.errors import NotFound
from core.security import tokens

LIFE = timedelta(hours=12)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")


def put(folder: Path, content: dict[str, Any], *, owner: str, now: datetime) -> str:
    """Store it and answer its token. Removes what others left behind for too long."""
    folder.mkdir(mode=0o700, exist_ok=True)
    _sweep(folder, now)
    token = tokens.new_token()
    _write(folder, token, {"owner": owner, "at": now.isoformat(), **content})
    return token


def get(folder: Path, token: str, *, owner: str, now: datetime) -> dict[str, Any]:
    """Raises ``NotFound("import.upload_gone")`` when it is unknown, too old or somebody else's."""
    try:
        kept: dict[str, Any] = json.loads(gzip.decompress(path(folder, token).read_bytes()))
    except FileNotFoundError:
        raise gone() from None
    if kept["owner"] != owner or now - datetime.fromisoformat(kept["at"]) > LIFE:
        raise gone()
    return kept


def change(folder: Path, token: str, kept: dict[str, Any]) -> None:
    """Put this in its place; its owner and its age stay. Whoever reads meanwhile reads the one or the other."""
    _write(folder, token, kept)


def discard(folder: Path, token: str) -> None:
    path(folder, token).unlink(missing_ok=True)


def path(folder: Path, token: str) -> Path:
    if not _TOKEN.fullmatch(token):
        raise gone()
    return folder / f"{token}.json.gz"


def gone() -> NotFound:
    return NotFound("import.upload_gone")


def _write(folder: Path, token: str, content: dict[str, Any]) -> None:
    fresh = folder / f"{tokens.new_token()}.part"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as out:
        out.write(gzip.compress(json.dumps(content, ensure_ascii=False).encode(), 1))
    fresh.replace(path(folder, token))


def _sweep(folder: Path, now: datetime) -> None:
    for each in folder.iterdir():
        if now.timestamp() - each.stat().st_mtime > LIFE.total_seconds():
            each.unlink(missing_ok=True)
