"""PURE what a copy says of itself: when and by what it was made, of what it consists, what must be in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

NAME = "manifest.json"
FORMAT = 1
MOST_BYTES = 1024 * 1024
SECRET = "secret-key"  # noqa: S105 (the name of a file)
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
"""Kind of database → the part that holds it."""


class UnreadableManifest(ValueError):
    """These bytes are no manifest of a copy that this program understands; the words say why."""


@dataclass(frozen=True)
class CopyPart:
    """One file inside the copy."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """``schema``: revision of the tables. ``key``: fingerprint of the SECRET_KEY that opens what is sealed inside."""

    product: str
    created_at: datetime
    reason: str
    kind: str
    database_version: str
    schema: str
    key: str
    key_kept: bool
    """Whether the copy brings that key; else it was left out, or in the environment, and has to be kept elsewhere."""
    parts: tuple[CopyPart, ...]
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def database(self) -> CopyPart:
        return next(part for part in self.parts if part.name == DATABASES[self.kind])

    @property
    def size(self) -> int:
        """Bytes of all parts, unpacked."""
        return sum(part.size for part in self.parts)


def without_key(manifest: Manifest) -> Manifest:
    """The same copy, when it leaves the house open."""
    return replace(manifest, key_kept=False, parts=tuple(part for part in manifest.parts if part.name != SECRET))


def write(manifest: Manifest) -> bytes:
    values = {**asdict(manifest), "format": FORMAT, "created_at": manifest.created_at.isoformat()}
    return json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True).encode()


def parse_manifest(raw: bytes) -> Manifest:
    """Raises ``UnreadableManifest``."""
    try:
        values = json.loads(raw)
        if values["format"] != FORMAT:
            raise UnreadableManifest(f"made by a newer version of the program (format {values['format']})")
        found = Manifest(
            product=str(values["product"]),
            created_at=datetime.fromisoformat(values["created_at"]),
            reason=str(values["reason"]),
            kind=str(values["kind"]),
            database_version=str(values["database_version"]),
            schema=str(values["schema"]),
            key=str(values["key"]),
            key_kept=bool(values["key_kept"]),
            parts=tuple(_part(part) for part in values["parts"]),
            counts={str(name): int(count) for name, count in values["counts"].items()},
        )
    except UnreadableManifest:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise UnreadableManifest("damaged") from fault
    _check(found)
    return found


def _part(values: Mapping[str, Any]) -> CopyPart:
    return CopyPart(str(values["name"]), int(values["size"]), str(values["sha256"]))


def _check(manifest: Manifest) -> None:
    names = [part.name for part in manifest.parts]
    if manifest.created_at.tzinfo is None or manifest.kind not in DATABASES or len(set(names)) != len(names):
        raise UnreadableManifest("damaged")
    if not set(names) <= {DATABASES[manifest.kind], SECRET} or DATABASES[manifest.kind] not in names:
        raise UnreadableManifest("names parts that no copy has")
    if manifest.key_kept != (SECRET in names):
        raise UnreadableManifest("does not say where the secret key is")
