"""Templates are indented for whoever reads them; pages are sent without it."""

from __future__ import annotations

from jinja2 import DictLoader, Environment

from core.web import Outdented

TEXT = "<ul>\n    {% for each in (1, 2) %}\n      <li>{{ each }} of\n        2</li>\n    {% endfor %}\n</ul>\n"
CODE = "<div>\n  <pre>a:\n  - b\n    c</pre>\n  <p>\n    d</p>\n  <pre>e\n  f</pre>\n</div>"


def rendered(name: str, text: str) -> str:
    return Environment(loader=DictLoader({name: text}), extensions=[Outdented]).get_template(name).render()


def test_a_page_is_sent_without_the_indentation_of_its_template() -> None:
    assert rendered("a.html", TEXT) == "<ul>  <li>1 of 2</li>  <li>2 of 2</li> \n</ul>"


def test_what_is_shown_as_it_is_written_keeps_every_space() -> None:
    assert rendered("a.html", CODE) == "<div> <pre>a:\n  - b\n    c</pre> <p> d</p> <pre>e\n  f</pre>\n</div>"


def test_letters_keep_theirs() -> None:
    assert rendered("letter.txt", "a\n  b") == "a\n  b"
