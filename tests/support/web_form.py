"""A form of a page as a browser without scripts holds it: what it would send, changed by hand and sent."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict


class WebForm(HTMLParser):
    """The form with the id ``name`` of a page: ``fill``, ``tick``, ``untick`` and ``press``."""

    def __init__(self, client: FlaskClient, path: str, page: str, name: str) -> None:
        super().__init__()
        self.client, self.path, self.name = client, path, name
        self._inside = False
        self._select = ""
        self._buttons: set[tuple[str, str]] = set()
        self._offered: set[tuple[str, str]] = set()
        self.sent: MultiDict[str, str] = MultiDict()
        self.page = page
        self.feed(page)
        assert self.sent, f"no form {name} on {path}"

    @classmethod
    def open(cls, client: FlaskClient, path: str, name: str) -> WebForm:
        answer = client.get(path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return cls(client, path, answer.get_data(as_text=True), name)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._inside = has.get("id") == self.name
        if not self._inside:
            return
        name, value = has.get("name", ""), has.get("value", "")
        if tag == "input" and has.get("type") in ("checkbox", "radio"):
            self._offered.add((name, value))
            if "checked" in has:
                self.sent.add(name, value)
        elif tag == "input" and name:
            self.sent.add(name, value)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self._offered.add((self._select, value))
            if "selected" in has or self._select not in self.sent:
                self.sent[self._select] = value
        elif tag == "button":
            self._buttons.add((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""

    def fill(self, name: str, *values: str) -> None:
        """Type into an input (or choose in a list); several inputs of one name take their values in order."""
        there = len(self.sent.getlist(name))
        assert there >= len(values), f"{name}: {there} inputs"
        self.sent.setlist(name, [*values, *[""] * (there - len(values))])

    def tick(self, name: str, *values: str) -> None:
        for value in values:
            assert (name, value) in self._offered, f"no {name} {value}"
            if value not in self.sent.getlist(name):
                self.sent.add(name, value)

    def untick(self, name: str, *values: str) -> None:
        self.sent.setlist(name, [each for each in self.sent.getlist(name) if each not in values])

    def press(self, value: str, name: str = "do", expect: int = 200) -> Any:
        """Send it by that button. An answer with a page is the form as it is then."""
        assert (name, value) in self._buttons, f"no button {value}: {sorted(self._buttons)}"
        sent = MultiDict(self.sent)
        sent[name] = value
        answer = self.client.post(self.path, data=sent)
        page = answer.get_data(as_text=True)
        assert answer.status_code == expect, page
        return answer if expect == 303 else WebForm(self.client, self.path, page, self.name)
