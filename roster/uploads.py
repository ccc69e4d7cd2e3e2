"""Files between an import's preview and its confirmation: in DATA_DIR, for their uploader alone."""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from core import tokens
from core.errors import NotFound

LIFE = timedelta(hours=12)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")


@dataclass(frozen=True)
class Upload:
    """``files`` as (name, content)."""

    token: str
    files: list[tuple[str, bytes]]
    uploaded_at: datetime


def keep(data_dir: Path, files: Sequence[tuple[str, bytes]], *, owner: str, now: datetime) -> str:
    """Store the files and answer their token. Removes what others left behind for too long."""
    folder = data_dir / "imports"
    folder.mkdir(mode=0o700, exist_ok=True)
    _sweep(folder, now)
    token = tokens.new_token()
    index = {"owner": owner, "at": now.isoformat(), "names": [name for name, _content in files]}
    fresh = folder / f"{token}.part"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.json", json.dumps(index))
        for number, (_name, content) in enumerate(files):
            archive.writestr(str(number), content)
    fresh.rename(folder / f"{token}.zip")
    return token


def find(data_dir: Path, token: str, *, owner: str, now: datetime) -> Upload:
    """Raises ``NotFound("import.upload_gone")`` when it is unknown, too old or somebody else's."""
    path = _path(data_dir, token)
    try:
        with zipfile.ZipFile(path) as archive:
            index = json.loads(archive.read("index.json"))
            files = [(name, archive.read(str(number))) for number, name in enumerate(index["names"])]
    except FileNotFoundError:
        raise NotFound("import.upload_gone") from None
    uploaded_at = datetime.fromisoformat(index["at"])
    if index["owner"] != owner or now - uploaded_at > LIFE:
        raise NotFound("import.upload_gone")
    return Upload(token, files, uploaded_at)


def discard(data_dir: Path, token: str) -> None:
    _path(data_dir, token).unlink(missing_ok=True)


def _path(data_dir: Path, token: str) -> Path:
    if not _TOKEN.fullmatch(token):
        raise NotFound("import.upload_gone")
    return data_dir / "imports" / f"{token}.zip"


def _sweep(folder: Path, now: datetime) -> None:
    for path in folder.iterdir():
        if now.timestamp() - path.stat().st_mtime > LIFE.total_seconds():
            path.unlink(missing_ok=True)
