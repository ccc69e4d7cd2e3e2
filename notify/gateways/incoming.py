"""PURE what a provider reports of a text or a missed call that came in, read as its recipe says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from core.text import shortened
from notify.gateways.answers import matches, said_at
from notify.gateways.recipe import Recipe

LONGEST = 1000
"""Characters of a text that are kept: an answer has a few."""


@dataclass(frozen=True)
class IncomingText:
    """``sender`` as the provider writes it; ``report_id`` is the same when the same report comes again."""

    kind: Literal["text", "call"]
    sender: str
    words: str
    report_id: str
    is_numbered: bool
    """Whether the provider gave ``report_id``; else it is made of what was reported, and two reports that say the
    same have the same."""


def read_incoming(recipe: Recipe, fields: Mapping[str, Any]) -> IncomingText | None:
    """None: the recipe describes nothing of the sort, or the report is about something else."""
    if not recipe.in_from:
        return None
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True)
    kind = _kind(recipe, said_at(recipe.in_at, text))
    if kind is None:
        return None
    numbered = said_at(recipe.in_id, text) if recipe.in_id else ""
    words = _tidy(said_at(recipe.in_words, text)) if kind == "text" else ""
    return IncomingText(
        kind,
        _tidy(said_at(recipe.in_from, text))[:80],
        shortened(words, LONGEST),
        _tidy(numbered)[:200] or hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
        bool(numbered),
    )


def _kind(recipe: Recipe, told: str) -> Literal["text", "call"] | None:
    if recipe.in_text and matches(recipe.in_text, told):
        return "text"
    return "call" if recipe.in_call and matches(recipe.in_call, told) else None


def _tidy(words: str) -> str:
    """On one line, without what no database keeps."""
    return " ".join("".join(each if each.isprintable() else " " for each in words).split())
