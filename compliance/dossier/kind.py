"""``compliance.dossier``: what a letter asks of a unit, how it stands, and its evidence with hashes.

It is about ``register:<letter>-<unit code>``: that unit, or any one below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask_babel import gettext as _, lazy_gettext as _l

from compliance.dossier.telling import blocks
from compliance.register import places, queries
from compliance.register.models import Directive
from core import clock
from core.actor import Actor
from core.errors import Conflict, DomainError, NotFound
from documents.kinds import Content, DocumentKind, DocumentOption, DocumentOptions, OptionChoice, SubjectSort
from people import queries as people
from people.access import guard
from people.models import Unit

WORD = "register"


def _compose(asked: DocumentOptions) -> Content:
    letter, _top = _thing(asked.about)
    unit = people.unit_by_code(asked.options["unit"])
    guard.ensure(asked.actor, "directive.read", unit.id, now=asked.now)
    said = queries.points_of_unit(letter.id, unit.id)
    rows = places.asked_of_unit(queries.requirements(letter.id), unit, said, clock.local_date(asked.now))
    if not rows:
        raise Conflict("dossier.nothing", unit=unit.name)
    evidence = queries.evidence_of_unit(letter.id, unit.id)
    about = {"number": letter.number, "unit": unit.name}
    return Content(
        kind=_("Hồ sơ"),
        abstract=_("Thực hiện công văn %(number)s của %(unit)s", **about),
        unit_id=unit.id,
        blocks=blocks(letter, unit, rows, said, evidence=evidence, now=asked.now),
    )


def _options(about: str, actor: Actor, now: datetime) -> Sequence[DocumentOption]:
    """The unit itself first, then all that are there today below it."""
    _letter, top = _thing(about)
    within = places.below(places.open_on(clock.local_date(now)), top.id)
    others = [OptionChoice(each.code, each.name) for each in within if each.id != top.id]
    return (DocumentOption("unit", _("Đơn vị"), (OptionChoice(top.code, top.name), *others), each=True),)


def _owner(about: str, actor: Actor, now: datetime) -> tuple[str, int]:
    letter, unit = _thing(about)
    guard.ensure(actor, "directive.read", unit.id, now=now)
    return f"{letter.number} · {unit.name}", unit.id


def _visible(abouts: Iterable[str], actor: Actor, now: datetime) -> set[str]:
    found = set()
    for about in abouts:
        try:
            _owner(about, actor, now)
        except DomainError:
            continue
        found.add(about)
    return found


def _address(about: str) -> str:
    letter, unit = _thing(about)
    return f"/letter/{letter.id}/units/{unit.code}"


def _thing(about: str) -> tuple[Directive, Unit]:
    letter_id, _dash, code = about.partition(":")[2].partition("-")
    if not letter_id.isdecimal() or len(letter_id) > 9:
        raise NotFound("register.letter_unknown")
    return queries.letter(int(letter_id)), people.unit_by_code(code)


DOSSIER = DocumentKind(
    "compliance.dossier",
    _l("Hồ sơ thực hiện công văn"),
    _l("Từng yêu cầu, tình trạng, bằng chứng kèm mã kiểm tra, ý kiến và chấp nhận; không có số điện thoại."),
    _compose,
    "requirement.report",
    _options,
    numbered=False,
    languages=("vi", "en"),
)
SORT = SubjectSort(WORD, _owner, _visible, _address, (DOSSIER,))
