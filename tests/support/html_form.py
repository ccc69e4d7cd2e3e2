"""A page's form as a browser would send it back: names and values as they stand."""

from __future__ import annotations

from html.parser import HTMLParser


class _Form(HTMLParser):
    """The first form of ``main``'s that has a field named ``holding``."""

    def __init__(self, holding: str) -> None:
        super().__init__()
        self._holding = holding
        self._here: dict[str, str] | None = None
        self._text = self._select = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._here = {}
        if self._here is None:
            return
        name = known.get("name", "")
        if tag == "input" and name and (known.get("type") not in ("checkbox", "radio") or "checked" in known):
            self._here[name] = known.get("value", "")
        elif tag == "textarea":
            self._text, self._here[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in known or self._select not in self._here):
            self._here[self._select] = known.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._text and self._here is not None:
            self._here[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = ""
        elif tag == "form" and self._here is not None:
            if self._holding in self._here and not self.fields:
                self.fields = self._here
            self._here = None


def form_of(page: str, holding: str) -> dict[str, str]:
    """The fields of the form of ``page`` that has one named ``holding``; fails when there is none."""
    reader = _Form(holding)
    reader.feed(page)
    assert reader.fields, f"no form with {holding!r}"
    return {name: value.lstrip("\n") for name, value in reader.fields.items()}
