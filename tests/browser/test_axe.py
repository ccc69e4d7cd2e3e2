"""What the other tests rely on: axe finds each kind of fault, in both themes, and says when it reads a list in part."""

from __future__ import annotations

from typing import Any

from tests.support.axe import OF_COLOURS, REPEATED, faults, faults_in_both_themes

ROWS = "".join(f"<tr><td{' class=pale' if row in (12, 13) else ''}>{row}</td></tr>" for row in range(1, 15))
PAGE = f"""<!doctype html><html><title>Bảng</title><style>:root{{color-scheme:light dark}}
  .pale{{color:light-dark(#ddd,#fff);background:light-dark(#fff,#000)}}
  .dim{{color:light-dark(#000,#333);background:light-dark(#fff,#000)}}</style>
<main><h1>Bảng</h1><p class="dim">Tối quá</p><input name="unnamed"><table>{ROWS}</table></main></html>"""


def test_each_fault_is_found_in_the_theme_that_has_it(browser: Any) -> None:
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.set_content(PAGE)
    whole = faults(page)
    rules = [fault.partition(" ")[0] for fault in whole]
    assert sorted(rules) == ["color-contrast", "color-contrast", "html-has-lang", "label"]
    assert [fault.partition(" ")[0] for fault in faults(page, rules=OF_COLOURS)] == ["color-contrast"] * 2

    shorter = faults(page, without=REPEATED)
    assert len(shorter) == 3 and set(shorter) < set(whole), "the thirteenth row is left out, and nothing else"

    both = faults_in_both_themes(page)
    assert [fault for fault in both if fault.startswith("light: ")] == [f"light: {fault}" for fault in whole]
    assert [fault for fault in both if fault.startswith("dark: ")] == ["dark: color-contrast (serious): p"]
    context.close()
