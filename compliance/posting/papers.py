"""Posters: what has to hang, for a point or for all points of a unit, on A4 or A3, with the way to its public page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import current_app, url_for
from flask_babel import gettext as _, lazy_gettext as _l

from compliance.posting import editions, law, parts, sighting
from compliance.posting.editions import Edition
from compliance.posting.models import POSTED
from compliance.posting.words import NAMES, PARTS
from compliance.service_hours import points, words as hours
from core import i18n
from core.actor import Actor
from core.clock import local_date
from core.errors import Conflict, NotFound
from documents.kinds import Content, DocumentKind, DocumentOption, DocumentOptions, OptionChoice, SubjectSort
from documents.paper import Block, Code, Heading, Items, LabelledFacts, Paragraph, TextRun, paragraph
from people import queries as people
from people.access import guard
from people.models import Unit

READ = "point.read"
SCALE = 1.3
"""Read standing before it; A3 is larger again."""


def owner(about: str, actor: Actor, now: datetime) -> tuple[str, int]:
    unit = people.unit_by_code(about.partition(":")[2])
    guard.ensure(actor, READ, unit.id, now=now)
    return unit.name, unit.id


def visible(abouts: Iterable[str], actor: Actor, now: datetime) -> set[str]:
    reach, ids = guard.reach(actor, READ, now=now), people.unit_ids()
    found = {about: ids.get(about.partition(":")[2]) for about in abouts}
    return {about for about, unit_id in found.items() if unit_id is not None and (reach is None or unit_id in reach)}


def address(about: str) -> str:
    return url_for("compliance.point", unit_code=about.partition(":")[2])


def all_address(about: str) -> str:
    return url_for("compliance.all_points", unit=about.partition(":")[2])


def options(about: str, actor: Actor, now: datetime) -> Sequence[DocumentOption]:
    unit = people.unit_by_code(about.partition(":")[2])
    return _options(unit, now)


def options_of_all(about: str, actor: Actor, now: datetime) -> Sequence[DocumentOption]:
    """A poster for each point at once."""
    top = people.unit_by_code(about.partition(":")[2])
    here = points.among(people.subtree_ids(top.id), local_date(now))
    each = DocumentOption("point", _("Điểm"), tuple(OptionChoice(unit.code, unit.name) for unit in here), each=True)
    return (each, *_options(top, now))


def _options(unit: Unit, now: datetime) -> tuple[DocumentOption, ...]:
    found = editions.editions_for([unit.id], local_date(now))
    there = [what for what in POSTED if found[unit.id, what].exists]
    return (
        DocumentOption("what", _("Nội dung"), tuple(OptionChoice(what, str(NAMES[what])) for what in there)),
        DocumentOption("sheet", _("Khổ giấy"), (OptionChoice("a4", "A4"), OptionChoice("a3", "A3"))),
    )


def compose(asked: DocumentOptions) -> Content:
    """Raises ``Conflict("posting.text_missing")`` when nobody has written it."""
    code = asked.options.get("point", asked.key)
    unit = people.unit_by_code(code)
    what = asked.options["what"]
    edition = editions.editions_for([unit.id], local_date(asked.now))[unit.id, what]
    if not edition.exists:
        raise Conflict("posting.text_missing")
    if asked.options.get("point") and unit.id not in people.subtree_ids(people.unit_by_code(asked.key).id):
        raise NotFound("unit.unknown", field="point", unit=code)
    title = law.TITLE[asked.language] if what == "prohibited" else str(NAMES[what])
    return Content(
        kind=title,
        abstract=unit.name,
        unit_id=unit.id,
        form="plain",
        blocks=(*_blocks(edition, asked.language), *_foot(unit, edition)),
        sheet="a3" if asked.options.get("sheet") == "a3" else "a4",
        scale=SCALE,
    )


def _blocks(edition: Edition, language: str) -> Iterable[Block]:
    if edition.what == "prohibited":
        for number, each in enumerate(law.PROHIBITED, start=1):
            yield paragraph(f"{number}. {each[language]}", indent=False)
        yield Paragraph((TextRun(f"({law.SOURCE.basis})", italic=True),), "right", indent=False)
    if edition.what == "hours":
        yield from _hours(edition)
    for part in parts.PARTS[edition.what]:
        said = edition.texts.get(part, {})
        words = said.get(language) or said.get("vi", "")
        if words:
            lines = tuple(line.strip() for line in words.splitlines() if line.strip())
            if part != "text":
                yield Heading(str(PARTS[part]))
            if part == "examples":
                yield Items(lines)
            else:
                yield from (paragraph(line, indent=False) for line in lines)


def _hours(edition: Edition) -> Iterable[Block]:
    yield LabelledFacts(
        tuple(
            (i18n.weekday(day), hours.whole(said))
            for day, said in zip(editions.WEEK, edition.week, strict=True)
            if said
        )
    )
    if edition.days:
        yield Heading(_("Dịp Tết"))
        rows = ((f"{i18n.long_date(day)} ({i18n.lunar_short(day)})", hours.whole(said)) for day, said in edition.days)
        yield LabelledFacts(tuple(rows))


def _foot(unit: Unit, edition: Edition) -> Iterable[Block]:
    """Which edition hangs can be read off it."""
    yield Code(
        current_app.config["PUBLIC_URL"] + sighting.path(unit.code, edition.what, edition.mark),
        _("Thông tin của điểm phục vụ này: quét mã"),
    )
    said = _("Bản %(version)s · %(mark)s", version=edition.version, mark=edition.mark)
    yield Paragraph((TextRun(said, italic=True),), "center", indent=False)


POSTER = DocumentKind(
    "compliance.poster",
    _l("Áp phích niêm yết"),
    _l("Treo tại điểm, khổ A4 hoặc A3: danh mục cấm gửi, điều kiện dịch vụ, giờ mở cửa…, có mã QR của điểm."),
    compose,
    READ,
    options=options,
    numbered=False,
    languages=("vi", "en"),
)
ALL_POSTERS = SubjectSort(
    "points",
    owner,
    visible,
    all_address,
    (
        DocumentKind(
            "compliance.posters",
            _l("Áp phích của mọi điểm"),
            _l("Mỗi điểm bên dưới một áp phích, tất cả trong một tệp ZIP."),
            compose,
            READ,
            options=options_of_all,
            numbered=False,
            languages=("vi", "en"),
            fit=lambda about, now: bool(
                points.among(people.subtree_ids(people.unit_by_code(about.partition(":")[2]).id), local_date(now))
            ),
        ),
    ),
)
