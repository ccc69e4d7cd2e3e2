"""What the eye needs: readable colours in both themes, and pictures and letters that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = (ROOT / "static/css/app.css").read_text(encoding="utf-8")
SHEETS = sorted((ROOT / "static/css").glob("*.css"))
LONGEST = 160
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


ONE_OF_TWO = re.compile(
    r"var\(--light,(?P<light>(?:[^()]|\([^()]*\))*)\) var\(--dark,(?P<dark>(?:[^()]|\([^()]*\))*)\)"
)
TO_DARK = "color-scheme:dark; --light: ; --dark:initial;"


def _theme(name: str) -> dict[str, str]:
    """The colours as ``name`` (light, dark) has them."""
    layer = CSS[CSS.index("@layer tokens{") : CSS.index("@layer base{")]
    settled = ONE_OF_TWO.sub(lambda both: both[name], layer)
    return dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})\b", settled))


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_can_be_read(theme: str) -> None:
    tokens = _theme(theme)
    wanted = [(pair, AA_TEXT) for pair in ON_GROUND + ON_TINT] + [(pair, AA_SHAPE) for pair in SHAPES]
    weak = {pair: ratio for pair, least in wanted if (ratio := _contrast(tokens[pair[0]], tokens[pair[1]])) < least}
    assert not weak


def test_there_is_one_palette() -> None:
    """The system and a person choose between the same two values; nothing else knows what dark is."""
    sheets = "".join(path.read_text("utf-8") for path in SHEETS)
    assert f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{TO_DARK}}}}}" in CSS
    assert f":root[data-theme=dark]{{{TO_DARK}}}" in CSS
    assert sheets.count("color-scheme:dark;") == 2 and sheets.count("prefers-color-scheme:dark") == 1
    light, dark = _theme("light"), _theme("dark")
    assert light.keys() == dark.keys() and {name for name in light if light[name] == dark[name]} == {"on-son"}


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


def _too_long(path: Path) -> list[int]:
    return [number for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if len(line) > LONGEST]


def test_lines_of_pages_letters_and_style_sheets_can_be_read() -> None:
    """A line is broken where no browser shows it: inside ``{{ }}``, ``{% %}`` and tags, or with ``{%-`` and ``-%}``."""
    read = [*TEMPLATES, *(ROOT / "templates").rglob("*.txt"), *SHEETS]
    assert {path.relative_to(ROOT).as_posix(): lines for path in read if (lines := _too_long(path))} == {}
