"""Are the translations complete? Every Vietnamese message has an English one, and the compiled files are in step.

``python -m scripts.check_translations`` exits 1 and lists what is missing, one problem a line; with ``--update`` it
first brings messages.po up to date with the code (new messages empty, gone ones dropped) and compiles messages.mo.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "_n": (1, 2),
    "pgettext": ((1, "c"), 2),
}
NOT_OURS = {".venv", "tests", "migrations", "node_modules", "instance", "stubs", "scripts", "benchmarks"}


def extract() -> Catalog:
    """Every message in the code and the templates, with the places where it is used."""
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    catalog = Catalog(project="truc-tet")
    found = extract_from_dir(
        str(ROOT), methods, options, keywords=KEYWORDS, directory_filter=lambda path: Path(path).name not in NOT_OURS
    )
    for filename, line, message, _comments, context in found:
        catalog.add(message, None, [(filename, line)], context=context)
    return catalog


def _path(locale: str, suffix: str) -> Path:
    return ROOT / "translations" / locale / "LC_MESSAGES" / f"messages.{suffix}"


def translated(locale: str) -> Catalog:
    """The catalogue kept for ``locale``; an empty one when there is none yet."""
    path = _path(locale, "po")
    if not path.exists():
        return Catalog(locale=locale, project="truc-tet", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def update(locale: str) -> None:
    """Bring messages.po up to date with the code and compile it; translations already made are kept."""
    catalog = translated(locale)
    catalog.update(extract(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    _path(locale, "po").parent.mkdir(parents=True, exist_ok=True)
    with _path(locale, "po").open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, include_lineno=False)
    with _path(locale, "mo").open("wb") as file:
        write_mo(file, catalog)


def untranslated(wanted: Catalog, given: Catalog) -> Iterator[str]:
    """Yield what ``wanted`` uses and ``given`` lacks."""
    for message in wanted:
        if not message.id:
            continue
        fault = _fault(given.get(_key(message), message.context))
        if fault:
            place = ":".join(map(str, message.locations[0])) if message.locations else "?"
            yield f"{place}: {fault}: {_key(message)!r}"


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _fault(message: Message | None) -> str | None:
    if message is None:
        return "not in messages.po"
    if message.fuzzy:
        return "fuzzy"
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if not strings or not all(strings):
        return "empty"
    wrong = [str(error) for error in message.check()]
    return "; ".join(wrong) or None


def out_of_step(locale: str, given: Catalog) -> Iterator[str]:
    """Whether messages.mo says what messages.po says; both are kept in the repository, there is no build step."""
    path = _path(locale, "mo")
    if not path.exists():
        yield f"{path.relative_to(ROOT)}: missing; run make translations"
        return
    fresh = io.BytesIO()
    write_mo(fresh, given)
    fresh.seek(0)
    with path.open("rb") as file:
        if _texts(read_mo(file)) != _texts(read_mo(fresh)):
            yield f"{path.relative_to(ROOT)}: older than messages.po; run make translations"


def _texts(catalog: Catalog) -> dict[object, object]:
    return {
        (message.context, _key(message)): message.string
        if isinstance(message.string, str)
        else tuple(message.string or ())
        for message in catalog
        if message.id
    }


def main() -> int:
    if "--update" in sys.argv:
        update("en")
    wanted, given = extract(), translated("en")
    faults = [*untranslated(wanted, given), *out_of_step("en", given)]
    print("\n".join(faults) or f"{len(wanted)} messages, all in English too")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
