"""PURE: a letter in HTML, made of its own words: what it is about as the title, its link as one big button.

It says what the plain text says and nothing else, in the same order; nothing is fetched from anywhere; light and dark.
"""

from __future__ import annotations

from html import escape

from notify.channels.base import Letter

LEVELS = {1: "#b3261e", 2: "#b3261e", 3: "#e0a920", 4: "#8b8273"}
"""Of an incident's level: the colour of the line above the title, which says it in words."""
STYLE = """
:root{color-scheme:light dark}
body{margin:0;padding:16px;background:#faf7f2;color:#22201c;font:16px/1.5 system-ui,"Segoe UI",Roboto,sans-serif}
main{max-width:520px;margin:0 auto}
h1{margin:0 0 12px;font-size:20px;line-height:1.3}
p{margin:0 0 12px;overflow-wrap:anywhere}
.level{height:6px;border-radius:3px;margin:0 0 12px}
.go{display:block;margin:0 0 16px;padding:16px;border-radius:12px;background:#1f6b43;color:#ffffff;font-size:18px;
font-weight:600;text-align:center;text-decoration:none}
@media (prefers-color-scheme:dark){body{background:#151311;color:#f2ede5}.go{background:#26764b}}
"""


def as_html(letter: Letter) -> str:
    """The letter as a page; empty where it has no link of its own that stands on a line by itself: then the plain
    text is all there is."""
    blocks = [block.split("\n") for block in letter.body.strip().split("\n\n")]
    if not letter.link or not any(letter.link in lines for lines in blocks):
        return ""
    language = str(letter.facts.get("language", "vi"))
    shown = "\n".join(_block(lines, letter) for lines in blocks if any(line.strip() for line in lines))
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{escape(letter.subject)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"{_level(letter)}<h1>{escape(letter.subject)}</h1>\n{shown}\n</main>\n</body>\n</html>\n"
    )


def _level(letter: Letter) -> str:
    fill = LEVELS.get(letter.facts.get("severity", 0))
    return f'<p class="level" style="background:{fill}"></p>\n' if fill else ""


def _block(lines: list[str], letter: Letter) -> str:
    """A paragraph; where the link stands in it, the words before it are written on the button."""
    if letter.link not in lines:
        return f"<p>{_broken(lines)}</p>"
    at = lines.index(letter.link)
    words = str(letter.facts.get("button") or (lines[at - 1].strip().rstrip(":") if at else letter.link))
    before, after = lines[: max(at - 1, 0)], lines[at + 1 :]
    parts = [
        f"<p>{_broken(before)}</p>" if before else "",
        f'<a class="go" href="{escape(letter.link)}">{escape(words)}</a>',
        f"<p>{_broken(after)}</p>" if after else "",
    ]
    return "\n".join(part for part in parts if part)


def _broken(lines: list[str]) -> str:
    return "<br>".join(escape(line) for line in lines)
