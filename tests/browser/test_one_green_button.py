"""One's own pages have one green button a screen, however much is asked at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHEETS = "".join((ROOT / "static/css" / name).read_text("utf-8") for name in ("app.css", "own.css"))
ASKS = """
<div class="asks stack">
  <section class="panel"><details><summary>s</summary><button class="btn yes">folded</button></details></section>
  <section class="panel"><button class="btn yes">first</button><button class="btn">no</button></section>
  <section class="panel"><button class="btn yes">second</button></section>
</div>"""
FOOT = '<footer class="own-foot"><button class="btn yes">confirm</button></footer>'
GREEN = """() => {
  const green = getComputedStyle(document.querySelector("#sample")).backgroundColor;
  return [...document.querySelectorAll("main .btn.yes, footer .btn.yes")]
    .filter((each) => each.checkVisibility() && getComputedStyle(each).backgroundColor === green)
    .map((each) => each.textContent);
}"""


def test_of_several_asks_the_first_that_is_seen_is_green(browser: Any) -> None:
    page = browser.new_page()

    def green(body: str) -> list[str]:
        sample = '<button class="btn yes" id="sample">as it is</button>'
        page.set_content(f'<style>{SHEETS}</style><body class="own"><main>{body}</main>{sample}</body>')
        return page.evaluate(GREEN)

    try:
        assert green(FOOT) == ["confirm"]
        assert green(ASKS + FOOT) == ["first"]
        assert green(ASKS.replace("<details", "<details open") + FOOT) == ["folded"]
    finally:
        page.close()
