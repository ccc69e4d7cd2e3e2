"""A kind of document for tests of the mechanism: a notice about a unit, of which nothing else is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from core.actor import Actor
from documents import kinds
from documents.agencies import services as agencies
from documents.agencies.services import AgencyIn
from documents.kinds import Content, DocumentKind, DocumentOption, DocumentOptions, OptionChoice, SubjectSort
from documents.paper import Appendix, TableColumn, paragraph, table
from people import queries as people
from people.access import guard
from tests.support.cast import ADMIN

FACE = AgencyIn(
    "Bưu điện huyện A",
    "Bưu điện tỉnh",
    "BĐA",
    "Ia Grai",
    "{number}/{kind}-{symbol}",
    "kind",
    ("Như trên", "Lưu: VT"),
)


def _compose(asked: DocumentOptions) -> Content:
    unit = people.unit_by_code(asked.key)
    rows = [("1", unit.name), ("2", '=HYPERLINK("http://x")')]
    listed = table("Danh sách", (TableColumn("STT"), TableColumn("Đơn vị", 4)), rows)
    return Content(
        kind="Thông báo",
        symbol="TB",
        abstract=f"Trực Tết của {unit.name}, {asked.options['copy']}",
        unit_id=unit.id,
        blocks=(paragraph("Kính báo."),),
        appendices=(Appendix("Danh sách", (listed,)),),
        needs=("person.contact",) if asked.options["copy"] == "phones" else (),
    )


def _owner(about: str, actor: Actor, now: datetime) -> tuple[str, int]:
    unit = people.unit_by_code(about.partition(":")[2])
    guard.ensure(actor, "unit.read", unit.id, now=now)
    return unit.name, unit.id


def _visible(abouts: Iterable[str], actor: Actor, now: datetime) -> set[str]:
    return {about for about in abouts if people.find_unit(about.partition(":")[2])}


def _options(about: str, actor: Actor, now: datetime) -> list[DocumentOption]:
    people.unit_by_code(about.partition(":")[2])
    return [
        DocumentOption(
            "copy", "Bản", (OptionChoice("plain", "niêm yết"), OptionChoice("phones", "có số máy")), each=True
        )
    ]


NOTICE = DocumentKind("test.notice", "Thông báo thử", "Chỉ để thử.", _compose, "document.issue", _options)
SHEET = DocumentKind("test.sheet", "Trích thử", "Chỉ để thử.", _compose, "roster.read", _options, numbered=False)
UNIT = SubjectSort("unit", _owner, _visible, lambda about: "/people/", (NOTICE, SHEET))


@contextmanager
def registered() -> Iterator[None]:
    """These kinds are there, and afterwards no more."""
    kinds.register([UNIT])
    try:
        yield
    finally:  # others may have come meanwhile: an application that the test made
        del kinds._sorts[UNIT.word]


def settle(now: datetime, code: str = "BDA", since: date = date(2019, 1, 1)) -> None:
    """The district has a name on paper and somebody who signs."""
    agencies.save_agency(code, since, FACE, actor=ADMIN, now=now)
    agencies.add_signatory(code, "Nguyễn Văn An", ("GIÁM ĐỐC",), since, valid_to=None, actor=ADMIN, now=now)
