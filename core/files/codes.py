"""QR codes in a picture that somebody sent, read in a process of its own (``core.files.apart``).

The picture is one that we wrote anew (``photos``), so its size is known; what is found in it is short, or left out.
"""

from __future__ import annotations

import io
import json
import sys
import threading

from core.files import apart

MEMORY = 1024 * 1024 * 1024
SECONDS = 5
"""Of processor time; of the clock twice that."""
MOST, LONGEST = 10, 300
"""Codes of a picture, characters of a code."""
WAIT = 10.0
_one = threading.Lock()
"""Strangers send pictures: one is read at a time, and who has waited for long enough goes without."""


def read_codes(picture: bytes) -> list[str] | None:
    """Texts of the codes; None: it could not be looked at, by its fault or because too many came at once."""
    if not _one.acquire(timeout=WAIT):
        return None
    try:
        found = apart.ask("core.files.codes", picture, within=2 * SECONDS)
    except apart.ChildDied:
        return None
    finally:
        _one.release()
    return [str(each) for each in found]


def _texts(picture: bytes) -> list[str]:
    import zxingcpp
    from PIL import Image

    with Image.open(io.BytesIO(picture), formats=("JPEG", "PNG", "WEBP")) as opened:
        grey = opened.convert("L")
    found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [code.text for code in found if len(code.text) <= LONGEST][:MOST]


if __name__ == "__main__":
    apart.confine(memory=MEMORY, seconds=SECONDS)
    sys.stdout.write(json.dumps(_texts(sys.stdin.buffer.read())))
