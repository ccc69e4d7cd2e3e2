"""The check that every Vietnamese message has an English one."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from scripts.check_translations import extract, untranslated


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


def test_messages_of_code_and_of_templates_are_found() -> None:
    places = [place for message in extract() for place, _line in message.locations]
    assert any(place.endswith(".py") for place in places)
    assert any(place.startswith("templates/") for place in places)
    assert not any(place.startswith(("tests/", ".venv/")) for place in places)
