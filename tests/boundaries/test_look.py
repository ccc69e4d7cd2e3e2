"""What the eye needs: readable colours in both themes, and pictures and letters that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = (ROOT / "static/css/app.css").read_text(encoding="utf-8")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
AA_TEXT, AA_SHAPE = 4.5, 3.0
ON_GROUND = [
    (text, ground)
    for ground in ("paper", "card", "raise", "soft")
    for text in ("ink", "mute", "son", "mai", "ok", "sky")
]
ON_TINT = [("son", "son-soft"), ("mai", "mai-soft"), ("ok", "ok-soft"), ("sky", "sky-soft"), ("ink", "mai-wash")]
ON_TINT += [("ld", "ld-s"), ("dh", "dh-s"), ("uc", "uc-s"), ("ht", "ht-s"), ("other", "other-s")]
ON_TINT += [("on-son", "go"), ("on-son", "go-hover"), ("on-son", "ok-go")]
SHAPES = [("edge", "paper"), ("edge", "card"), ("edge", "raise")]


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})\b", block))


def _themes() -> dict[str, dict[str, str]]:
    layer = CSS[CSS.index("@layer tokens{") : CSS.index("@layer base{")]
    light, by_system, by_choice = (_tokens(b) for b in re.findall(r":root[^{]*\{\s*color-scheme.*?\n\}", layer, re.S))
    return {"light": light, "dark by system": light | by_system, "dark by choice": light | by_choice}


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark by system", "dark by choice"])
def test_colours_can_be_read(theme: str) -> None:
    tokens = _themes()[theme]
    wanted = [(pair, AA_TEXT) for pair in ON_GROUND + ON_TINT] + [(pair, AA_SHAPE) for pair in SHAPES]
    weak = {pair: ratio for pair, least in wanted if (ratio := _contrast(tokens[pair[0]], tokens[pair[1]])) < least}
    assert not weak


def test_the_two_dark_themes_are_one() -> None:
    themes = _themes()
    assert themes["dark by system"] == themes["dark by choice"]
    assert themes["dark by system"] != themes["light"]


def test_every_icon_named_is_in_the_sprite() -> None:
    there = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/icons.svg").read_text(encoding="utf-8")))
    named = {
        (path.name, name)
        for path in TEMPLATES
        for name in re.findall(r"\bicon(?:=|\()\s*'([\w-]+)'", path.read_text(encoding="utf-8"))
    }
    assert named
    assert not {(page, name) for page, name in named if name not in there}


def test_files_named_by_the_style_sheet_exist() -> None:
    for url in re.findall(r"url\(([^)]+)\)", CSS):
        assert (ROOT / "static/css" / url).resolve().is_file(), url
