"""A letter as a page: the same words, one button, nothing from elsewhere, nothing that breaks out."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any, cast

from hypothesis import given, strategies as st

from notify.channels.base import CarriedLetter
from notify.channels.html import as_html
from notify.channels.mime import as_bytes

LINK = "https://truc.example/a/abc-DEF_123"
BODY = f"Kính gửi đồng chí,\n\nMã: SC-1\nMức độ: 2\n\nBấm để trả lời:\n{LINK}\n\nGọi điều hành: 0269 3824 999\nHết.\n"


def letter(body: str = BODY, subject: str = "SC-1 · mức 2 · Mất điện", **changes: Any) -> CarriedLetter:
    facts = {"severity": 2, "language": "vi", "button": "Xem và trả lời"}
    at = datetime(2020, 1, 24, 19, 10, tzinfo=UTC)
    return CarriedLetter("a@b.example", "An", subject, body, "<1@x>", True, at, LINK, changes or facts)


class Words(HTMLParser):
    """What a person reads, and where links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self._quiet = ""
        self.read: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._quiet = tag if tag in ("style", "title") else self._quiet
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        self._quiet = "" if tag == self._quiet else self._quiet

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.read += data.split()


def test_it_says_the_same_and_its_link_is_the_one_button() -> None:
    page = as_html(letter())
    shown = Words(page)
    assert shown.links == [LINK] and page.count("Xem và trả lời") == 1
    said = " ".join(shown.read)
    for words in ("SC-1 · mức 2 · Mất điện", "Kính gửi đồng chí,", "Mức độ: 2", "Gọi điều hành: 0269 3824 999", "Hết."):
        assert words in said
    assert "prefers-color-scheme:dark" in page and 'lang="vi"' in page


def test_its_title_stands_alone_under_its_level_and_a_number_is_one_tap() -> None:
    body = BODY.replace("Mã: SC-1\nMức độ: 2", "Mức 2 · Nghiêm trọng\nMất điện\nBưu điện huyện A")
    facts = {"severity": 2, "title": "Mất điện", "phones": ["0269 3824 999"], "button": "Xem và trả lời"}
    page = as_html(letter(body=body, **facts))
    assert "<h1>Mất điện</h1>\n<p>Bưu điện huyện A</p>" in page and ">Mức 2 · Nghiêm trọng</p>" in page
    assert Words(page).links == [LINK, "tel:02693824999"]


def test_our_own_addresses_can_be_tapped_and_no_other() -> None:
    words = (
        "Lưu số: https://truc.example/contact\nhttps://truc.example.la/x, https://la.example/a, http://truc.example/y"
    )
    page = as_html(letter(body=f"{BODY}\n{words}\n"))
    assert Words(page).links == [LINK, "https://truc.example/contact"] and ">https://truc.example/contact</a>" in page


def test_without_words_of_its_own_the_line_above_the_link_is_the_button() -> None:
    assert ">Bấm để trả lời</a>" in as_html(letter(language="vi"))


def test_a_letter_whose_link_stands_in_no_line_is_plain() -> None:
    assert as_html(letter(body="Không có đường dẫn")) == ""
    mail = message_from_bytes(as_bytes(letter(body="Không có"), "a@b.example", "t@b.example"), policy=policy.default)
    assert mail.get_content_type() == "text/plain"


LINES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf")), max_size=80)


@given(LINES, LINES)
def test_nothing_typed_becomes_markup(title: str, line: str) -> None:
    for typed in (title, f"<script src=//x>{title}", f'"><img src=x onerror=1>{line}'):
        page = as_html(letter(body=f"{line}\n\n{typed}\n\n{LINK}\n", subject=typed))
        shown = Words(page)
        assert set(shown.tags) <= {"html", "head", "meta", "title", "style", "body", "main", "p", "h1", "a", "br"}
        assert shown.links == [LINK]
        assert {*typed.split(), *line.split()} <= set(shown.read), "every word is there"


def test_it_is_carried_beside_the_plain_words_and_the_same_to_the_byte() -> None:
    raw = as_bytes(letter(), "a@b.example", "Trực Tết <t@b.example>")
    assert raw == as_bytes(letter(), "a@b.example", "Trực Tết <t@b.example>")
    mail = message_from_bytes(raw, policy=policy.default)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    plain, page = (cast(EmailMessage, mail.get_body((kind,))).get_content() for kind in ("plain", "html"))
    assert plain.replace("\r\n", "\n").strip() == BODY.strip() and LINK in page
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998 and raw.isascii()
    assert not re.search(r"(src|url\()", page), "nothing is fetched"
