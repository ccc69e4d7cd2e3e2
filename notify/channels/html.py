"""PURE: a letter in HTML, made of its own words: what it is about as the title, its link as one big button.

It says what the plain text says and nothing else, in the same order; nothing is fetched from anywhere; light and dark.
Of addresses in its words only our own can be tapped: whoever writes a title shall not lead anybody elsewhere.
"""

from __future__ import annotations

import re
from html import escape

from notify.channels.base import CarriedLetter

LEVELS = {1: "#b3261e", 2: "#b3261e", 3: "#f0c14a", 4: "#6b6355"}
"""Of an incident's level: the colour behind the words that say it."""
DARK_ON = {3: "#22201c"}
"""Words are white but on the light one."""
STYLE = """
:root{color-scheme:light dark}
body{margin:0;padding:16px;background:#faf7f2;color:#22201c;font:16px/1.5 system-ui,"Segoe UI",Roboto,sans-serif}
main{max-width:520px;margin:0 auto}
h1{margin:0 0 8px;font-size:22px;line-height:1.3;overflow-wrap:anywhere}
p{margin:0 0 12px;overflow-wrap:anywhere}
p a{color:inherit}
.level{display:inline-block;margin:0 0 8px;padding:4px 10px;border-radius:6px;font-size:14px;font-weight:600}
.go{display:block;margin:0 0 16px;padding:18px 16px;border-radius:12px;background:#1f6b43;color:#ffffff;font-size:18px;
font-weight:600;text-align:center;text-decoration:none}
.ring{display:block;margin:0 0 12px;padding:12px 16px;border:1px solid #8b8273;border-radius:8px;color:#1d4f91;
font-weight:600;text-align:center;text-decoration:none}
@media (prefers-color-scheme:dark){body{background:#151311;color:#f2ede5}.go{background:#26764b}.ring{color:#9cc3f5}}
"""


def as_html(letter: CarriedLetter) -> str:
    """The letter as a page; empty where it has no link of its own that stands on a line by itself: then the plain
    text is all there is."""
    blocks = [block.split("\n") for block in letter.body.strip().split("\n\n")]
    if not letter.link or not any(letter.link in lines for lines in blocks):
        return ""
    language, title = str(letter.facts.get("language", "vi")), letter.facts.get("title", "")
    has_title = any(title and title in lines for lines in blocks)
    shown = "\n".join(_block(lines, letter) for lines in blocks if any(line.strip() for line in lines))
    heading = "" if has_title else f"<h1>{escape(letter.subject)}</h1>\n"
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{escape(letter.subject)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"{heading}{shown}\n</main>\n</body>\n</html>\n"
    )


def _block(lines: list[str], letter: CarriedLetter) -> str:
    """A paragraph; where the link stands in it, the words before it are written on the button."""
    title = letter.facts.get("title", "")
    if letter.link in lines:
        return _button(lines, letter)
    if title and title in lines:
        at = lines.index(title)
        return f"{_level(lines[:at], letter)}<h1>{escape(title)}</h1>\n{_paragraph(lines[at + 1 :], letter)}"
    parts: list[str] = []
    plain: list[str] = []
    for line in lines:
        number = next((each for each in letter.facts.get("phones", ()) if line.endswith(f": {each}")), "")
        if number:
            ring = f'<a class="ring" href="tel:{number.replace(" ", "")}">{escape(line)}</a>'
            parts += [_paragraph(plain, letter), ring]
            plain = []
        else:
            plain.append(line)
    return "\n".join(part for part in (*parts, _paragraph(plain, letter)) if part)


def _level(lines: list[str], letter: CarriedLetter) -> str:
    """What stands above the title says the level: in words, on its colour."""
    severity = letter.facts.get("severity", 0)
    fill, words = LEVELS.get(severity), DARK_ON.get(severity, "#fff")
    if not fill or not lines:
        return _paragraph(lines, letter)
    return f'<p class="level" style="background:{fill};color:{words}">{_broken(lines, letter)}</p>\n'


def _button(lines: list[str], letter: CarriedLetter) -> str:
    at = lines.index(letter.link)
    words = str(letter.facts.get("button") or (lines[at - 1].strip().rstrip(":") if at else letter.link))
    before, after = lines[: max(at - 1, 0)], lines[at + 1 :]
    button = f'<a class="go" href="{escape(letter.link)}">{escape(words)}</a>'
    return "\n".join(part for part in (_paragraph(before, letter), button, _paragraph(after, letter)) if part)


def _paragraph(lines: list[str], letter: CarriedLetter) -> str:
    return f"<p>{_broken(lines, letter)}</p>" if any(line.strip() for line in lines) else ""


def _broken(lines: list[str], letter: CarriedLetter) -> str:
    ours = escape("/".join(letter.link.split("/", 3)[:3]))
    return re.sub(rf"{re.escape(ours)}/[\w/-]+", r'<a href="\g<0>">\g<0></a>', "<br>".join(map(escape, lines)))
