"""The test client finds what is wrong with a page that it fetches, each kind of fault; a page that is right passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, gettext, ngettext, pgettext

from tests.support import page_links, page_markup

PAGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>Sự cố – Trực Tết</title></head>
<body><main id="main"><h1>Sự cố</h1>
<a href="#main">Đầu trang</a><a href="?page=2">Trang 2</a><a href="/incidents/new">Ghi</a><a href="tel:113">113</a>
<a href="https://example.org/khong-co">Nơi khác</a><img src="/static/icon.svg" alt="">
<form method="post" action="/logout" id="log"><input type="hidden" name="token" value="a">
<label for="name">Tên</label><input id="name" name="name" aria-describedby="hint">
<p id="hint">Ngắn</p>
<label><input type="checkbox" name="kt1"> KT1</label>
<input aria-label="Mã" name="code"><input type="submit" value="Ghi">
<button><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>Ghi</button>
<button title="Tìm" formaction="/login" formmethod="get"></button></form>
<table><tr><td>Mức 1<br>Mức 2</td></tr></table><ul><li>Một</li></ul><pre>{{ x }}</pre>
<div hx-post="/logout" hx-target="#hint"></div><script type="application/json">{"a": 1}</script>
</main></body></html>"""
FAULTS = [
    ("</ul>", "", "written '', read '/ul'"),
    ("</li></ul>", "</ul>", "written"),
    ("<p id", "<p><p id", "written '', read '/p'"),
    ("<td>Mức 1", "<div>Mức 0</div><td>Mức 1", "written"),
    ("<ul>", "<form><form></form></form><ul>", "written"),
    ("<li>Một", "<li><a href='/'>Một<a href='/'>Hai</a></a>", "written"),
    ("<title>", "<div></div><title>", "written"),
    ("<p id", "<p class=a class=b id", "duplicate-attribute"),
    ("Một", "Một &khong;", "unknown-named-character-reference"),
    ('<img src="/static/icon.svg" alt="">', '<img src="/static/icon.svg">', "no alt"),
    ("<ul>", "<center>Giữa</center><ul>", "obsolete"),
    ('<p id="hint">', '<p id="hint" role="foo">', "ARIA role"),
    (' lang="vi"', "", "no lang"),
    ("<!doctype html>\n<html", "<!doctype html>\n<p>a</p><html", "written"),
    ("<li>Một", '<li id="hint">Một', "id hint is used more than once"),
    ("<h1>Sự cố</h1>", "", "0 h1"),
    ("<ul>", "<h1>Nữa</h1><ul>", "2 h1"),
    ("<h1>Sự cố</h1>", "<h1></h1>", "heading"),
    ("<title>Sự cố – Trực Tết", "<title> – Trực Tết", "says nothing of the page"),
    ("<title>Sự cố – Trực Tết", "<title>Trực Tết", "says nothing of the page"),
    ("<title>Sự cố – Trực Tết</title>", "", "says nothing of the page"),
    ('<label for="name">Tên</label>', "", "<input name>: no label"),
    (' aria-label="Mã"', "", "<input code>: no label"),
    (' title="Tìm"', "", "<button>: no label"),
    ("<ul>", "<select name=unit></select><ul>", "<select unit>: no label"),
    ("<ul>", "<textarea name=note></textarea><ul>", "<textarea note>: no label"),
    ('<p id="hint">', "<p>", "aria-describedby names 'hint'"),
    ('hx-target="#hint"', 'hx-target="#gone"', "hx-target names 'gone'"),
    ('for="name"', 'for="other"', "for names 'other'"),
    ('href="#main"', 'href="#gone"', "href names 'gone'"),
    ("<button><svg", '<button form="gone"><svg', "form names 'gone'"),
    ("<ul>", "<script>go()</script><ul>", "an inline script"),
    ("<ul>", "<style>p{}</style><ul>", "an inline style"),
    ("<ul>", '<ul style="color:red">', "an inline style"),
    ("<ul>", '<ul onclick="go()">', "a handler in onclick"),
    ("<ul>", '<ul hx-on:click="go()">', "a handler in hx-on:click"),
    ("Một", "Còn %(n)s ngày", "'%(n)s' is left"),
    ('title="Tìm"', 'title="{{ word }}"', "'{{' is left"),
    ("Một", "&lt;Unit object at 0x7f3a&gt;", "object at 0x7f3a"),
    ('action="/logout"', 'action="/khong-co"', "POST '/khong-co': no view (404)"),
    ('method="post" action="/logout"', 'action="/logout"', "GET '/logout': no view (405)"),
    ('method="post" action="/logout"', 'method="post"', "POST '': no view (405)"),
    ('href="/incidents/new"', 'href="/khong-co"', "GET '/khong-co': no view (404)"),
    ('href="/incidents/new"', 'href="/incidents"', "GET '/incidents': answered by a redirect"),
    ('href="/incidents/new"', 'href="javascript:go()"', "javascript"),
    ('href="?page=2"', 'href="khong/co/gi/het?page=2"', "GET 'khong/co/gi/het?page=2': no view (404)"),
    ('formaction="/login"', 'formaction="/khong-co"', "GET '/khong-co': no view (404)"),
    ('hx-post="/logout"', 'hx-post="/khong-co"', "POST '/khong-co': no view (404)"),
    ('hx-post="/logout"', 'data-poll="/khong-co"', "GET '/khong-co': no view (404)"),
    ("/static/icon.svg", "/static/gone.svg", "GET '/static/gone.svg': no such file"),
]
PART = '<tr id="row"><td><label>Tên <input name="name" aria-describedby="elsewhere"></label></td></tr>'
PART_FAULTS = [
    ("</td>", "", "written '', read '/td'"),
    ("<label>", '<label id="row">', "id row is used more than once"),
    ("<label>Tên", "<label></label>", "written"),
    ("<label>Tên <input", "<p>Tên</p><label hidden></label><input", "written"),
    ("</td>", "<button></button></td>", "<button>: no label"),
    ("</td>", "<script>go()</script></td>", "an inline script"),
    ("Tên", "%(name)s", "'%(name)s' is left"),
    ("Tên", "<a href='/khong-co'>Tên</a>", "GET '/khong-co': no view (404)"),
]


def _faults(app: Flask, markup: str) -> str:
    tree = page_markup.parse_markup(markup)
    return "\n".join(page_markup.faults(markup, tree) + page_links.faults(tree, app, "http://localhost/incidents/"))


@pytest.mark.parametrize("markup", [PAGE, PART], ids=["page", "part"])
def test_nothing_is_wrong_with_what_is_right(app: Flask, markup: str) -> None:
    assert _faults(app, markup) == ""


@pytest.mark.parametrize(("right", "wrong", "said"), FAULTS)
def test_faults_of_a_page_are_found(app: Flask, right: str, wrong: str, said: str) -> None:
    assert PAGE.count(right) == 1
    assert said in _faults(app, PAGE.replace(right, wrong))


@pytest.mark.parametrize(("right", "wrong", "said"), PART_FAULTS)
def test_faults_of_a_part_are_found(app: Flask, right: str, wrong: str, said: str) -> None:
    assert PART.count(right) == 1
    assert said in _faults(app, PART.replace(right, wrong))


@pytest.fixture
def instead(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Any], None]]:
    """``instead(view)`` puts it in the place of the page for signing in."""

    def put(view: Any) -> None:
        view.required_action = "public"
        monkeypatch.setitem(app.view_functions, "auth.login", view)

    yield put


@pytest.mark.parametrize("status", [200, 404, 422])
def test_a_page_with_a_fault_fails_who_fetches_it(client: FlaskClient, instead: Any, status: int) -> None:
    instead(lambda: (PAGE.replace("<ul>", "<ul onclick='go()'>"), status))
    with pytest.raises(AssertionError, match=r"GET /login:\n.*a handler in onclick"):
        client.get("/login")
    instead(lambda: (PAGE, status))
    assert client.get("/login").status_code == status


@pytest.mark.parametrize(
    "say",
    [
        lambda: gettext("Chưa ai dịch"),
        lambda: ngettext("Chưa ai dịch", "Chưa ai dịch", 2),
        lambda: pgettext("thư", "Chưa ai dịch"),
    ],
    ids=["gettext", "ngettext", "pgettext"],
)
def test_a_sentence_without_english_fails_who_reads_it(client: FlaskClient, instead: Any, say: Any) -> None:
    def in_english() -> dict[str, str]:
        with force_locale("en"):
            return {"said": say()}

    instead(in_english)
    with pytest.raises(AssertionError, match="Vietnamese alone: \\['Chưa ai dịch'\\]"):
        client.get("/login")
    instead(lambda: {"said": say()})
    assert client.get("/login").get_json() == {"said": "Chưa ai dịch"}
