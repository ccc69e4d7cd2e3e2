"""The pictures of docs/incident-desk.md and docs/cong-van-77.md, from what ``make screenshots`` left behind: of
``ARGS='--language vi'`` at the least.

``python -m scripts.doc_pictures`` reads which pictures the pages name (``…-dark.png`` in the dark), and writes them
small: half a phone's or a laptop's width, no taller than two screens, 64 colours. What is named after it is done alone:
pages, or screens.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
PAGES = ("incident-desk.md", "cong-van-77.md")
WIDTH = {"phone": 360, "laptop": 960}
TALLEST = {"phone": 1500, "laptop": 900}
NAMED = re.compile(r'src="(images/(?:incident-desk|cong-van-77)/([\w-]+)-(phone|laptop)(-dark)?\.png)"')


def shrink(source: Path, target: Path, device: str) -> None:
    """``source`` as wide as ``device``'s pictures are here, cut below, in few colours."""
    with Image.open(source) as taken:
        picture = taken.convert("RGB")
    picture.thumbnail((WIDTH[device], 10_000))
    picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST[device])))
    target.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(64, dither=Image.Dither.NONE).save(target, optimize=True)


def main(names: Sequence[str]) -> int:
    """``names``: of pages below docs, or of screens; empty: all."""
    missing = []
    pages = [name for name in names if name in PAGES]
    screens = {name for name in names if name not in PAGES}
    for page in pages or PAGES:
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        for path, screen, device, dark in NAMED.findall(text):
            source = ROOT / "screenshots" / f"{screen}-{device}-vi{dark or '-light'}.png"
            if screens and screen not in screens:
                continue
            if source.exists():
                shrink(source, (ROOT / "docs" / page).parent / path, device)
            else:
                missing.append(source.name)
    print("\n".join(f"take it first: {name}" for name in missing))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
