"""What an import read, between its preview and its confirmation.

Files are parsed once, when they come; what is kept are their rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from people.imports import read as tables
from people.imports.read import Tables
from roster.importing import kept


@dataclass(frozen=True)
class Upload:
    """``names`` of the files as they came, and what was read in them."""

    token: str
    names: list[str]
    tables: Tables


def keep(data_dir: Path, names: Sequence[str], read: Tables, *, owner: str, now: datetime) -> str:
    """Store what was read in the files and answer its token. Removes what others left behind for too long."""
    return kept.put(_folder(data_dir), {"names": list(names), "tables": asdict(read)}, owner=owner, now=now)


def find(data_dir: Path, token: str, *, owner: str, now: datetime) -> Upload:
    """Raises ``NotFound("import.upload_gone")`` when it is unknown, too old or somebody else's."""
    found = kept.get(_folder(data_dir), token, owner=owner, now=now)
    return Upload(token, found["names"], tables.from_dict(found["tables"]))


def discard(data_dir: Path, token: str) -> None:
    kept.discard(_folder(data_dir), token)


def _folder(data_dir: Path) -> Path:
    return data_dir / "imports"
