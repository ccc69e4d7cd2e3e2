"""The record of an incident: what is known, who was called, what was done, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask_babel import gettext as _

from core import i18n
from core.i18n import dt, named
from documents.kinds import Content, DocumentOptions
from documents.paper import Block, Heading, Items, LabelledFacts, Party, Signatures, paragraph
from incidents.attachments import services as attachments
from incidents.catalogue import queries as catalogue
from incidents.catalogue.custom_fields import CustomField
from incidents.legal import services as legal, steps, words as legal_words
from incidents.merging import services as merging
from incidents.papers import tables, wording
from incidents.record import naming, queries, secrecy
from incidents.record.models import Incident
from incidents.reviews import services as reviews, words as review_words
from incidents.triage import followup
from incidents.triage.words import shown, spoken
from incidents.words import severity_word

Part = tuple[str, tuple[Block, ...]]
"""A title, and what stands under it: nothing stands there, no title does."""


def compose(asked: DocumentOptions) -> Content:
    incident = queries.readable(asked.key, asked.actor, asked.now)
    return Content(
        kind=_("Biên bản"),
        symbol="BB",
        abstract=_abstract(incident),
        unit_id=incident.unit_id,
        blocks=(*_numbered(_parts(incident, asked)), _signatures(incident, asked)),
    )


def _abstract(incident: Incident) -> str:
    """Titles of papers are read in lists, and files are called by them: of what wants reading the code alone."""
    said = _("Ghi nhận sự cố %(code)s", code=incident.code)
    if incident.rehearsal_id is not None:
        said = _("Diễn tập: %(what)s", what=said)
    return (
        said if naming.wants_reading(incident) else f"{said}\n{wording.without_phones(secrecy.without(incident.title))}"
    )


def _numbered(parts: Iterator[Part]) -> Iterator[Block]:
    number = 0
    for title, blocks in parts:
        if blocks:
            number += 1
            yield Heading(f"{number}. {title}")
            yield from blocks


def _parts(incident: Incident, asked: DocumentOptions) -> Iterator[Part]:
    kinds = queries.duty_kinds_by_code()
    calls, entries = queries.pages(incident.id), queries.timeline(incident.id)
    photos = [
        each
        for each in attachments.listed(incident, actor=asked.actor, now=asked.now)
        if each.withdrawn_at is None  # others read this paper than those to whom withdrawn ones are shown
    ]
    yield _("Thông tin chung"), (LabelledFacts(tuple(_general(incident))),)
    yield _("Nội dung, những gì đã biết"), tuple(_what_is_known(incident))
    yield _("Liên quan"), tuple(_related(incident, asked))
    yield _("Người được gọi"), tables.calls(calls, kinds, asked.now)
    yield _("Việc phải làm theo danh mục"), _checklist(incident)
    yield _("Diễn biến"), tables.timeline(entries, kinds)
    yield _("Ảnh, tệp đính kèm"), tables.attachments(photos)
    yield _("Các bước theo Điều 14 Luật Bưu chính"), _legal(incident)
    yield _("Tổng kết"), tuple(_review(incident))


def _general(incident: Incident) -> Iterator[tuple[str, str]]:
    kind = catalogue.category(incident.category)
    yield _("Mã sự cố"), incident.code
    yield _("Tên sự cố"), wording.without_phones(incident.title)
    yield _("Loại"), named(kind) if kind else incident.category
    yield _("Mức độ"), _("mức %(n)s, %(word)s", n=incident.severity, word=severity_word(incident.severity).lower())
    yield _("Nơi xảy ra"), incident.unit.name
    yield _("Phát hiện lúc"), f"{dt(incident.detected_at)} ({i18n.lunar_long(incident.detected_at)})"
    yield _("Ghi nhận lúc"), f"{dt(incident.created_at)}, {incident.created_by}"
    if incident.reporter:
        yield _("Người báo"), wording.without_phones(incident.reporter)
    if incident.party_state:
        yield _("Tính chất"), _("liên quan Đảng, Nhà nước")
    yield _("Tình trạng"), _state(incident)
    if incident.leadership_told_at:
        yield _("Báo lãnh đạo"), _at(incident.leadership_told_at, incident.leadership_told_by)


def _state(incident: Incident) -> str:
    """From the first thing that was done about it on; what is not said there has not happened."""
    return wording.listed(
        [
            _("nhận: %(who)s", who=_at(incident.acknowledged_at, incident.acknowledged_by))
            if incident.acknowledged_at
            else "",
            _("xử lý xong: %(at)s", at=dt(incident.resolved_at)) if incident.resolved_at else "",
            _("đóng: %(at)s", at=dt(incident.closed_at)) if incident.closed_at else "",
            _("chưa có người nhận") if incident.status == "open" else "",
            _("đang xử lý") if incident.status == "acknowledged" else "",
        ]
    )


def _at(at: datetime, who: str) -> str:
    return f"{who}, {dt(at)}" if who else dt(at)


def _what_is_known(incident: Incident) -> Iterator[Block]:
    if incident.description:
        yield paragraph(wording.without_phones(incident.description))
    rows = known_facts(incident)
    if rows:
        yield LabelledFacts(rows)


def fields(incident: Incident) -> list[CustomField]:
    """Follow-up fields of its category, but those that hold telephone numbers."""
    return [each for each in followup.fields_of(incident) if not each.key.endswith("phone")]


def known_facts(incident: Incident) -> tuple[tuple[str, str], ...]:
    return tuple(
        (spoken({"vi": each.vi, "en": each.en}), wording.without_phones(shown(each, incident.facts[each.key])))
        for each in fields(incident)
        if incident.facts.get(each.key) is not None
    )


def _related(incident: Incident, asked: DocumentOptions) -> Iterator[Block]:
    main = merging.main_of(incident)
    if main is not incident:
        yield paragraph(_("Đã gộp vào sự cố %(main)s: việc xử lý được ghi ở đó.", main=main.code))
    joined = merging.joined_to(incident, actor=asked.actor, now=asked.now)
    if joined:
        yield Items(tuple(_joined(each) for each in joined))


def _joined(incident: Incident) -> str:
    said = _("Đã gộp vào đây: %(code)s", code=incident.code)
    return f"{said} · {wording.without_phones(naming.inside(incident))}, {dt(incident.created_at)}"


def _checklist(incident: Incident) -> tuple[Block, ...]:
    items = followup.checklist(incident)
    lines = (
        _("%(item)s: đã làm, %(who)s", item=spoken(each), who=_at(each["done"]["at"], each["done"]["who"]))
        if each["done"]
        else _("%(item)s: chưa ghi đã làm", item=spoken(each))
        for each in items
    )
    return (Items(tuple(lines)),) if items else ()


def _legal(incident: Incident) -> tuple[Block, ...]:
    known = legal.recorded(incident) if legal.applies(incident) else {}
    said = [
        (legal_words.name(step.key), wording.without_phones(legal_words.summary(step, known[step.key])))
        for step in steps.STEPS
        if step.key in known
    ]
    return tables.legal(said)


def _review(incident: Incident) -> Iterator[Block]:
    """Once it is closed: until then it is being written."""
    review = reviews.find_review(incident.id) if incident.status == "closed" else None
    if review is None:
        return
    for part, title in review_words.labels().items():
        said = wording.without_phones(getattr(review, part))
        if said:
            yield Heading(title, 2)
            yield from _paragraphs(said)
    if review.actions:
        yield Heading(_("Việc làm sau sự cố"), 2)
        yield Items(
            tuple(
                _(
                    "%(what)s: %(who)s, hạn %(day)s%(done)s",
                    what=each.text,
                    who=each.owner_said,
                    day=i18n.d(each.due_on),
                    done=_(" (đã làm %(day)s)", day=i18n.d(each.done_at)) if each.done_at else "",
                )
                for each in review.actions
            )
        )


def _paragraphs(said: str) -> Sequence[Block]:
    return [paragraph(line.strip()) for line in said.splitlines() if line.strip()]


def _signatures(incident: Incident, asked: DocumentOptions) -> Signatures:
    to_sign = _("(Ký, ghi rõ họ tên)")
    parties = [Party(_("Người lập").upper(), asked.actor.name if asked.actor.person_id is not None else "", to_sign)]
    if incident.acknowledged_by:
        parties.append(Party(_("Người xử lý").upper(), incident.acknowledged_by, to_sign))
    return Signatures(tuple(parties))
