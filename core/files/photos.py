"""Photos written anew by Pillow: what cameras add stays outside. Imported by the first photo, not at the start."""

from __future__ import annotations

import io
import threading
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import Invalid

MOST_PIXELS = 60_000_000
MOST_UNPACKED = 40_000_000
"""Of pictures that must be unpacked whole before they can be made small: all but JPEG."""
LONGEST_SIDE = 2600
"""Pixels of a kept photo: a page of A4 stays readable."""
THUMBNAIL = 320
QUALITY = 85
_FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_AS_THEY_ARE = ("RGB", "RGBA", "L", "LA", "CMYK")
"""Modes that can be made small before they are converted."""
JPEG_COSTS = 4
"""A JPEG is unpacked at the size that is wanted: about a quarter of the work of other pictures."""
_ours, _strangers = threading.Lock(), threading.Lock()
"""An unpacked picture takes hundreds of megabytes: one at a time for people of the house, one for everybody else, so
that nobody who works here waits behind strangers."""


def cost(data: bytes) -> int:
    """Pixels that reading the picture will cost, by its header; 0 for what is no picture (that costs nothing)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=tuple(_FORMATS)) as opened:
                pixels = opened.width * opened.height
                return pixels // JPEG_COSTS if opened.format in ("JPEG", "MPO") else pixels
    except Exception:  # what is wrong with the bytes is said when they are read
        return 0


def read_photo(data: bytes, *, of_a_stranger: bool = False) -> tuple[str, bytes, bytes]:
    """(media type, the picture written anew, a small JPEG of it)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with _strangers if of_a_stranger else _ours:
                return _written_anew(data)
    except Invalid:
        raise
    except Image.DecompressionBombError:
        raise Invalid("attachment.pixels", field="file", most=MOST_PIXELS // 1_000_000) from None
    except UnidentifiedImageError:
        raise Invalid("attachment.kind", field="file") from None
    except Exception:  # a decoder's fault about bytes from outside, whatever it is called, is about the bytes
        raise Invalid("attachment.broken", field="file") from None


def _written_anew(data: bytes) -> tuple[str, bytes, bytes]:
    with Image.open(io.BytesIO(data), formats=tuple(_FORMATS)) as opened:
        # A JPEG with a second picture behind it (phones add brightness or depth that way) is called MPO.
        kind = "JPEG" if opened.format == "MPO" else str(opened.format)
        most = MOST_PIXELS if kind == "JPEG" else MOST_UNPACKED
        # Known from the header, before anything is unpacked.
        if opened.width * opened.height > most:
            raise Invalid("attachment.pixels", field="file", most=most // 1_000_000)
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        opened.load()
        mode = "RGBA" if kind != "JPEG" and opened.has_transparency_data else "RGB"
        picture: Image.Image = opened if opened.mode in _AS_THEY_ARE else opened.convert(mode)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # first, so that what follows copies little
        picture = ImageOps.exif_transpose(picture)
    picture = picture if picture.mode == mode else picture.convert(mode)
    return _FORMATS[kind], _encoded(picture, kind), _encoded(_small(picture), "JPEG")


def _small(picture: Image.Image) -> Image.Image:
    small = picture.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    if small.mode == "RGB":
        return small
    paper = Image.new("RGB", small.size, "white")
    paper.paste(small, mask=small.getchannel("A"))
    return paper


def _encoded(picture: Image.Image, kind: str) -> bytes:
    picture.info.clear()  # writers would take EXIF, comments and profiles along from here
    out = io.BytesIO()
    picture.save(out, kind, quality=QUALITY)
    return out.getvalue()
