"""What may be attached, told by its content and never by its name: photos and PDF.

Photos are written anew: what a camera adds (place, device, time) and what hides behind a picture stays outside, and
a screenful of pixels is kept instead of a poster. A PDF is kept as it came, so it is only ever offered as a download.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from core.errors import Invalid
from core.text import fold, nfc

MOST_BYTES = 10 * 1024 * 1024
"""Of one file as it comes."""
LONGEST_NAME = 120
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"
"""For a page's file field. Phones that store HEIC convert it when only these are asked for."""

_HEIC = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1", b"ftypheim", b"ftypheis", b"ftypavif")
_NOT_IN_NAMES = re.compile(r"[^\w .()\-]+")


@dataclass(frozen=True)
class File:
    """Ready to be kept. ``sent_sha256`` is that of the bytes as they came."""

    name: str
    media_type: str
    content: bytes
    thumbnail: bytes | None
    sent_sha256: str

    @property
    def sha256(self) -> str:
        return digest(self.content)

    def columns(self) -> dict[str, Any]:
        """Return what a new row says of it, by the names of ``core.files.models.StoredFile``."""
        return {
            "name": self.name,
            "media_type": self.media_type,
            "size": len(self.content),
            "sha256": self.sha256,
            "sent_sha256": self.sent_sha256,
            "content": self.content,
        }


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read_file(data: bytes, filename: str, *, of_a_stranger: bool = False) -> File:
    """Raises ``Invalid`` at ``file``: empty, too large, of another kind, or broken."""
    if not data:
        raise Invalid("attachment.empty", field="file")
    if len(data) > MOST_BYTES:
        raise Invalid("attachment.large", field="file", most=MOST_BYTES // 1024 // 1024)
    if data[4:12] in _HEIC:
        raise Invalid("attachment.heic", field="file")
    if b"%PDF-" in data[:1024]:
        kind, content, thumbnail = "application/pdf", _whole_pdf(data), None
    else:
        from core.files import photos  # the imaging library costs every start what few processes need

        kind, content, thumbnail = photos.read_photo(data, of_a_stranger=of_a_stranger)
    return File(_name(filename, kind), kind, content, thumbnail, digest(data))


def disposition(how: str, name: str) -> str:
    """``Content-Disposition`` of a kept file: a header carries Latin letters alone, so any other name comes twice, bare
    and encoded."""
    if name.isascii():
        return f'{how}; filename="{name}"'
    plain = fold(name).encode("ascii", "ignore").decode()
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _whole_pdf(data: bytes) -> bytes:
    """As it came, when it has the parts that every PDF has; a cut-off upload lacks its end."""
    end = data[-2048:]
    if b"%%EOF" not in end or b"startxref" not in end or b"/Root" not in data:
        raise Invalid("attachment.broken", field="file")
    return data


def _name(filename: str, kind: str) -> str:
    """Letters, digits and spaces of the name that it came with, and the ending that fits its content."""
    last = re.split(r"[/\\]", nfc(filename))[-1]
    stem = " ".join(_NOT_IN_NAMES.sub(" ", last.rpartition(".")[0] or last).split()).strip(". ")
    return f"{stem[:LONGEST_NAME] or 'tep'}.{ENDINGS[kind]}"
