"""The name of a kept file in a header, as a server can send it and a browser reads it."""

from __future__ import annotations

import pytest
from werkzeug.http import parse_options_header

from core.files import content


@pytest.mark.parametrize("name", ["bang.jpg", "bảng giấy.jpg", "Quyết định 12 (bản 2).pdf", "Đắk Pơ.png", "日本.pdf"])
def test_any_name_travels_in_latin_letters(name: str) -> None:
    header = content.disposition("attachment", name)
    header.encode("latin-1")
    how, read = parse_options_header(header)
    assert (how, read["filename"]) == ("attachment", name)
