"""What an import read, between its preview and its confirmation: in DATA_DIR, for its uploader alone.

Files are parsed once, when they come; what is kept are their rows.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from core.errors import NotFound
from core.security import tokens
from people.imports import read as tables
from people.imports.read import Tables

LIFE = timedelta(hours=12)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")


@dataclass(frozen=True)
class Upload:
    """``names`` of the files as they came, and what was read in them."""

    token: str
    names: list[str]
    tables: Tables


def keep(data_dir: Path, names: Sequence[str], read: Tables, *, owner: str, now: datetime) -> str:
    """Store what was read in the files and answer its token. Removes what others left behind for too long."""
    folder = data_dir / "imports"
    folder.mkdir(mode=0o700, exist_ok=True)
    _sweep(folder, now)
    token = tokens.new_token()
    kept = {"owner": owner, "at": now.isoformat(), "names": list(names), "tables": asdict(read)}
    fresh = folder / f"{token}.part"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as out:
        out.write(gzip.compress(json.dumps(kept, ensure_ascii=False).encode(), 1))
    fresh.rename(_path(data_dir, token))
    return token


def find(data_dir: Path, token: str, *, owner: str, now: datetime) -> Upload:
    """Raises ``NotFound("import.upload_gone")`` when it is unknown, too old or somebody else's."""
    try:
        kept = json.loads(gzip.decompress(_path(data_dir, token).read_bytes()))
    except FileNotFoundError:
        raise NotFound("import.upload_gone") from None
    if kept["owner"] != owner or now - datetime.fromisoformat(kept["at"]) > LIFE:
        raise NotFound("import.upload_gone")
    return Upload(token, kept["names"], tables.from_dict(kept["tables"]))


def discard(data_dir: Path, token: str) -> None:
    _path(data_dir, token).unlink(missing_ok=True)


def _path(data_dir: Path, token: str) -> Path:
    if not _TOKEN.fullmatch(token):
        raise NotFound("import.upload_gone")
    return data_dir / "imports" / f"{token}.json.gz"


def _sweep(folder: Path, now: datetime) -> None:
    for path in folder.iterdir():
        if now.timestamp() - path.stat().st_mtime > LIFE.total_seconds():
            path.unlink(missing_ok=True)
