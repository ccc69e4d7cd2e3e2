"""The icons of the home screen, drawn from the same shapes as static/icon.svg: ``python -m scripts.icons``.

Maskable ones fill the square, with the clock inside the circle that every shape of icon leaves (80 % of the width).
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

STATIC = Path(__file__).resolve().parents[1] / "static"
RED, GOLD, HAND = "#b3261e", "#f0c75e", "#fdf3d3"
OVER = 4
"""Drawn so many times as large, then made smaller: edges come out smooth."""
ICONS = {"icon-192.png": (192, False), "icon-512.png": (512, False), "icon-maskable-512.png": (512, True)}
APPLE = "icon-180.png"
"""An iPhone rounds the corners by itself, and shows what is transparent as black."""


def draw(size: int, *, rounded: bool, scale: float) -> Image.Image:
    """A clock at eight minutes past four; ``scale``: of the clock in the square, 1 as in icon.svg."""
    wide = size * OVER
    unit = wide / 32
    image = Image.new("RGBA", (wide, wide), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, wide - 1, wide - 1), radius=8 * unit if rounded else 0, fill=RED)

    def at(x: float, y: float) -> tuple[float, float]:
        return (wide / 2 + (x - 16) * unit * scale, wide / 2 + (y - 16) * unit * scale)

    (left, top), (right, bottom) = at(4, 4), at(28, 28)
    pen.ellipse((left, top, right, bottom), outline=GOLD, width=round(2 * unit * scale))
    hand = [at(16, 7), at(16, 16), at(22, 20)]
    thick = 3 * unit * scale
    pen.line(hand, fill=HAND, width=round(thick), joint="curve")
    for x, y in (hand[0], hand[-1]):
        pen.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=HAND)
    small = image.resize((size, size), Image.Resampling.LANCZOS)
    return small.quantize(48, method=Image.Quantize.FASTOCTREE)  # few colours: a quarter of the weight


def main() -> None:
    for name, (size, maskable) in ICONS.items():
        draw(size, rounded=not maskable, scale=0.85 if maskable else 1).save(STATIC / name, optimize=True)
    draw(180, rounded=False, scale=0.95).save(STATIC / APPLE, optimize=True)


if __name__ == "__main__":
    main()
