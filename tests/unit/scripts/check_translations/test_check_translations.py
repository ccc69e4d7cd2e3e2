"""The check that every Vietnamese message has an English one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from scripts import check_translations
from scripts.check_translations import untranslated


def catalog(**flags: tuple[str, ...]) -> Catalog:
    made = Catalog(locale="en", fuzzy=False)
    made.add("Xin chào %(name)s", flags.pop("string", ("",))[0], **flags)
    return made


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (Catalog(locale="en"), "not in messages.po"),
        (catalog(), "empty"),
        (catalog(string=("Hello %(name)s",), flags=("fuzzy",)), "fuzzy"),
        (catalog(string=("Hello %(nam)s",)), "nam"),
    ],
)
def test_a_missing_empty_fuzzy_or_broken_translation_is_a_fault(given: Catalog, fault: str) -> None:
    [found] = untranslated(catalog(), given)
    assert fault in found


def test_a_translation_is_enough() -> None:
    assert list(untranslated(catalog(), catalog(string=("Hello %(name)s",)))) == []


def test_messages_of_code_and_of_templates_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(check_translations.ROOT / "babel.cfg", tmp_path)
    monkeypatch.setattr(check_translations, "ROOT", tmp_path)
    for place in ("notify/mail.py", "templates/base.html", "tests/unit/test_mail.py", ".venv/lib/other.py"):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("""{{ _("Chào") }}""" if path.suffix == ".html" else """text = _("Chào")""", "utf-8")
    found = check_translations.extract().get("Chào")
    assert found is not None and sorted(found.locations) == [("notify/mail.py", 1), ("templates/base.html", 1)]
