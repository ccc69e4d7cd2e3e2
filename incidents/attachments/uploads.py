"""Photos that came with a form, looked at before any transaction begins."""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from werkzeug.datastructures import FileStorage

from core.errors import Invalid
from core.files import content as files
from core.files.content import File

FIELD = "photos"
MOST = 6
"""Of one form; what is beyond is left out."""
MOST_PIXELS = 80_000_000
"""Of one form of somebody without an account, as ``photos.cost`` counts them: six usual photos, two huge drawings."""


def sent() -> list[FileStorage]:
    """The files that came, unread."""
    return [each for each in request.files.getlist(FIELD) if each.filename]


def photos() -> tuple[list[File], list[Invalid]]:
    """Return what can be kept, and what is wrong with the rest (each fault names ``file``)."""
    return _read_each([(_bytes(each), each.filename or "") for each in sent()[:MOST]], of_a_stranger=False)


def photos_of_strangers(take: Callable[[int], None]) -> tuple[list[File], list[Invalid]]:
    """The same for a form without sign-in; ``take(million pixels)`` is asked before anything is unpacked.

    Pictures beyond what one form may cost are left out and said to be too large together.
    """
    from core.files import photos as pictures  # the imaging library costs every start what few processes need

    within: list[tuple[bytes, str]] = []
    faults: list[Invalid] = []
    spent = 0
    for each in sent()[:MOST]:
        data = _bytes(each)
        pixels = pictures.cost(data)
        if spent + pixels > MOST_PIXELS:
            faults.append(Invalid("attachment.pixels_in_all", field="file", most=MOST_PIXELS // 1_000_000))
            continue
        spent += pixels
        within.append((data, each.filename or ""))
    take(-(-spent // 1_000_000))
    kept, more = _read_each(within, of_a_stranger=True)
    return kept, [*faults, *more]


def _bytes(each: FileStorage) -> bytes:
    each.stream.seek(0)  # a form that is refused reads them again, to keep them
    return each.stream.read(files.MOST_BYTES + 1)


def _read_each(given: list[tuple[bytes, str]], *, of_a_stranger: bool) -> tuple[list[File], list[Invalid]]:
    kept: list[File] = []
    faults: list[Invalid] = []
    for data, name in given:
        try:
            kept.append(files.read_file(data, name, of_a_stranger=of_a_stranger))
        except Invalid as fault:
            faults.append(fault)
    return kept, faults
