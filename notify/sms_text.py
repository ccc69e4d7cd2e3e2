"""PURE words as an SMS of a Vietnamese brand name takes them: ASCII letters, one part, registered wording.

A registered wording has fixed words and places for values; providers refuse what does not fit it. So only values are
cut, the long ones first; code, step and link always stay whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import accumulate

LIMIT = 160
"""Characters of one part in the GSM 7-bit alphabet."""
ONE = "{code} muc {severity} buoc {step}: {title} - {unit}. Tra loi: {link}"
SEVERAL = "{count} su co can tiep nhan: {codes}. Xem va nhan: {link}"
PLACES = ("code", "severity", "step", "title", "unit", "link")
PLACES_SEVERAL = ("count", "codes", "link")
_PLACE = re.compile(r"\{(\w+)\}")
_TWICE = set("^{}\\[~]|")
_NOT_GSM = str.maketrans("đĐƀɃŋŊ’‘ʼ“”–—…`", "dDbBnN'''\"\"--.'")
_CUT_FIRST = ("title", "unit")


def ascii_only(text: str) -> str:
    """``text`` without diacritics, on one line, in characters that every telephone and registered wording knows."""
    flat = unicodedata.normalize("NFD", text.translate(_NOT_GSM))
    kept = "".join(c if " " <= c <= "~" else " " for c in flat if not unicodedata.combining(c))
    return " ".join(kept.split())


def length(text: str) -> int:
    """Places that ``text`` takes in the GSM 7-bit alphabet: brackets and the like take two."""
    return sum(2 if c in _TWICE else 1 for c in text)


def faults(template: str, places: Sequence[str]) -> list[str]:
    """Placeholders of ``template`` that nobody fills."""
    return [name for name in _PLACE.findall(template) if name not in places]


def fill(template: str, values: Mapping[str, object], limit: int = LIMIT) -> str:
    """``template`` with ``values``, cut to ``limit``: title, then unit shrink; code, step and link never do."""
    plain = {name: ascii_only(str(value)) for name, value in values.items()}
    text = _with(template, plain)
    for name in _CUT_FIRST:
        over = length(text) - limit
        if over > 0 and name in plain and f"{{{name}}}" in template:
            kept = max(0, len(plain[name]) - over)
            plain[name] = plain[name][:kept].rstrip()
            text = _with(template, plain)
    if length(text) > limit:
        text = _with("{code} b{step} {link}" if "code" in plain else "{text} {link}", plain)
    return text if length(text) <= limit else _cut_before(text, plain.get("link", ""), limit)


def several(lines: Sequence[tuple[str, int]], link: str, template: str = SEVERAL, limit: int = LIMIT) -> str:
    """Several (code, step) in one text: as many codes as fit, then how many more; the link stays whole."""
    named = [f"{ascii_only(code)} b{step}".strip() for code, step in lines]
    most = sum(taken <= limit for taken in accumulate(map(length, named)))  # no more fit, whatever stands around them
    for shown in range(most, -1, -1):
        more = [f"+{len(named) - shown}"] if shown < len(named) else []
        values = {"count": str(len(named)), "codes": ", ".join(named[:shown] + more), "link": ascii_only(link)}
        text = _with(template, values)
        if length(text) <= limit:
            return text
    return _cut_before(text, ascii_only(link), limit)


def plain(text: str, link: str = "", limit: int = LIMIT) -> str:
    """Free words (a code, a trial) folded and cut; a ``link`` among them stays whole."""
    flat = ascii_only(text)
    return flat if length(flat) <= limit else _cut_before(flat, ascii_only(link), limit)


def _with(template: str, values: Mapping[str, str]) -> str:
    filled = _PLACE.sub(lambda match: values.get(match[1], ""), ascii_only(template))
    return " ".join(filled.split())


def _cut_before(text: str, link: str, limit: int) -> str:
    """The beginning of ``text`` and then ``link``; a link that alone is longer than the limit is left whole."""
    room = limit - length(link) - (1 if link else 0)
    words = text.replace(link, " ").strip() if link else text
    while words and length(words) > room:
        words = words[:-1]
    return f"{words.rstrip()} {link}".strip()
