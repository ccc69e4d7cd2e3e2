"""The pictures of docs/incident-desk.md, from what ``make screenshots ARGS='--language vi --theme light'`` left behind.

``python -m scripts.doc_pictures`` reads which pictures the page names, and writes them small: half a phone's or a
laptop's width, no taller than two screens, 64 colours.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "incident-desk.md"
WIDTH = {"phone": 360, "laptop": 960}
TALLEST = {"phone": 1500, "laptop": 900}
NAMED = re.compile(r'src="(images/incident-desk/([\w-]+)-(phone|laptop)\.png)"')


def shrink(source: Path, target: Path, device: str) -> None:
    """``source`` as wide as ``device``'s pictures are here, cut below, in few colours."""
    with Image.open(source) as taken:
        picture = taken.convert("RGB")
    picture.thumbnail((WIDTH[device], 10_000))
    picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST[device])))
    target.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(64, dither=Image.Dither.NONE).save(target, optimize=True)


def main() -> int:
    missing = []
    for path, screen, device in NAMED.findall(PAGE.read_text(encoding="utf-8")):
        source = ROOT / "screenshots" / f"{screen}-{device}-vi-light.png"
        if source.exists():
            shrink(source, PAGE.parent / path, device)
        else:
            missing.append(source.name)
    print("\n".join(f"take it first: {name}" for name in missing))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
