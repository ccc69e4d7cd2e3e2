"""A sheet between its upload and its taking: what was drawn in the file, and what somebody said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from people.imports import drawn as sheets
from people.imports.drawn import DrawnSheet
from roster.importing import kept
from roster.sheets import choices as chosen
from roster.sheets.choices import SheetChoices


@dataclass(frozen=True)
class KeptSheet:
    """``name`` of the file."""

    token: str
    campaign: int
    name: str
    sheets: tuple[DrawnSheet, ...]
    choices: SheetChoices


def keep(
    data_dir: Path,
    campaign: int,
    name: str,
    drawn: Sequence[DrawnSheet],
    *,
    choices: SheetChoices,
    owner: str,
    now: datetime,
) -> str:
    content = {
        "campaign": campaign,
        "name": name,
        "sheets": [each.as_plain() for each in drawn],
        "choices": choices.as_plain(),
    }
    return kept.put(_folder(data_dir), content, owner=owner, now=now)


def find(data_dir: Path, campaign: int, token: str, *, owner: str, now: datetime) -> KeptSheet:
    """Raises ``NotFound("import.upload_gone")`` when it is unknown, too old, somebody else's or of another campaign."""
    found = kept.get(_folder(data_dir), token, owner=owner, now=now)
    if found["campaign"] != campaign:
        raise kept.gone()
    drawn = tuple(sheets.from_plain(each) for each in found["sheets"])
    return KeptSheet(token, campaign, found["name"], drawn, chosen.from_plain(found["choices"]))


def choose(data_dir: Path, token: str, choices: SheetChoices, *, owner: str, now: datetime) -> None:
    folder = _folder(data_dir)
    content = kept.get(folder, token, owner=owner, now=now)
    kept.change(folder, token, content | {"choices": choices.as_plain()})


def discard(data_dir: Path, token: str) -> None:
    kept.discard(_folder(data_dir), token)


def _folder(data_dir: Path) -> Path:
    return data_dir / "sheets"
