"""PURE what each posted text is made of, in the order in which it is printed."""

from __future__ import annotations

from collections.abc import Mapping

OBLIGATORY = ("prohibited", "conditions")
PARTS: Mapping[str, tuple[str, ...]] = {
    "prohibited": ("examples",),
    "conditions": ("services", "quality", "prices", "compensation", "amounts", "provider", "user", "other"),
    "prices": ("text",),
    "quality": ("text",),
    "complaints": ("text",),
    "support": ("text",),
    "hours": (),
}
"""``prohibited``: after the four lines of the law. ``conditions``: the headings of Thông tư 02/2012, Điều 4. ``hours``
is data of each point."""
LONGEST = 6000
LANGUAGES = ("vi", "en")


def is_whole(what: str, parts: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether it can be printed: the law's four lines stand alone, conditions need every heading but "other"."""
    needed = [part for part in PARTS[what] if part not in ("examples", "other")]
    return all(parts.get(part, {}).get("vi") for part in needed)
