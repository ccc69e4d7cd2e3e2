"""What WTForms says by itself is known to us word for word: a release that says it otherwise fails here."""

from __future__ import annotations

from pathlib import Path

import wtforms

from core.forms import WORDS


def test_every_sentence_is_one_that_wtforms_says() -> None:
    code = "".join(path.read_text("utf-8") for path in Path(wtforms.__file__).parent.rglob("*.py"))
    assert [said for said in WORDS if f'"{said}"' not in code] == []
