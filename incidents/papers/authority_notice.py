"""A letter that tells an authority outside what is known of an incident: nothing is said that nobody recorded.

To an authority of Viet Nam: in Vietnamese, whoever writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _

from core import clock
from core.actor import Actor
from core.errors import Conflict
from core.i18n import named
from core.text import format_phone
from documents.kinds import Content, DocumentOption, DocumentOptions, OptionChoice
from documents.paper import Block, Items, LabelledFacts, paragraph
from incidents.catalogue import queries as catalogue
from incidents.catalogue.models import AUTHORITY_ROLES
from incidents.legal import law, services as legal, words as legal_words
from incidents.merging import services as merging
from incidents.papers import record, wording
from incidents.papers.wording import known, moment, room
from incidents.record import queries
from incidents.record.models import Incident
from incidents.triage import derivation, followup
from incidents.triage.words import shown, spoken
from incidents.words import severity_word

NOBODY, RECORDED = "none", "recorded"
"""The choices that leave room for the name, and that name whom the legal steps name."""


def fit(about: str, now: datetime) -> bool:
    incident = queries.by_code(about.partition(":")[2])
    return incident.rehearsal_id is None and incident.joined_to_id is None


def options(about: str, actor: Actor, now: datetime) -> tuple[DocumentOption, ...]:
    """Whom the legal steps name comes first, then those whom its category wants told, then all of the directory."""
    incident = queries.readable(about.partition(":")[2], actor, now)
    wanted = list(derivation.kind_of(incident.category).authorities)
    others = [role for role in AUTHORITY_ROLES if role not in wanted]
    rows = catalogue.authorities_for(incident.unit_id, [*wanted, *others], clock.local_date(now))
    named = legal.recorded(incident).get("authority", {}).get("authority", "") if legal.applies(incident) else ""
    found = [OptionChoice(str(row.id), row.name) for row in rows]
    if named:
        known = [each for each in found if each.name == named]
        found = [*(known or [OptionChoice(RECORDED, named)]), *(each for each in found if each.name != named)]
    choices = (*found, OptionChoice(NOBODY, _("Để trống, điền tay")))
    return (DocumentOption("to", _("Kính gửi"), choices, each=len(found) > 1),)


def compose(asked: DocumentOptions) -> Content:
    incident = queries.readable(asked.key, asked.actor, asked.now)
    if incident.rehearsal_id is not None:
        raise Conflict("papers.exercise", state={"code": incident.code})
    if incident.joined_to_id is not None:
        main = merging.main_of(incident).code
        raise Conflict("papers.joined", state={"code": incident.code, "joined_to": main}, main=main)
    by_law = legal.applies(incident)
    blocks = _article_14(incident) if by_law else _ordinary(incident, asked.now)
    about = "phát hiện bưu gửi nghi vi phạm quy định của Luật Bưu chính" if by_law else "thông báo sự cố"
    return Content(
        kind="Công văn",
        abstract=f"V/v {about} ({incident.code})",
        unit_id=incident.unit_id,
        form="letter",
        blocks=(*blocks, *_end(incident)),
        addressed_to=(_addressee(asked),),
    )


def _addressee(asked: DocumentOptions) -> str:
    chosen = asked.options.get("to", NOBODY)
    (option,) = options(asked.about, asked.actor, asked.now)
    name = next((each.name for each in option.choices if each.code == chosen != NOBODY), "")
    return room(name, 60)


def _ordinary(incident: Incident, now: datetime) -> Iterator[Block]:
    kind = catalogue.category(incident.category)
    yield paragraph(
        f"{incident.unit.name} thông báo đến quý cơ quan sự cố sau đây, theo những gì đã ghi đến {moment(now)}:"
    )
    rows = [
        ("Mã sự cố", incident.code),
        ("Sự cố", wording.without_phones(incident.title)),
        ("Loại", named(kind) if kind else incident.category),
        ("Mức độ", f"mức {incident.severity}, {severity_word(incident.severity).lower()}"),
        ("Phát hiện", moment(incident.detected_at)),
        ("Nơi xảy ra", ", ".join(part for part in (incident.unit.name, incident.unit.address) if part)),
        *_facts(incident),
        ("Tình hình xử lý", _handled(incident)),
    ]
    yield LabelledFacts(tuple(rows))
    if incident.description:
        yield paragraph(wording.without_phones(incident.description))
    done = [spoken(each) for each in followup.checklist(incident) if each["done"]]
    if done:
        yield paragraph("Đơn vị đã ghi các việc sau là đã làm:")
        yield Items(tuple(done))
    if any(value == wording.NOT_KNOWN for _label, value in rows):
        yield paragraph(f"Những mục ghi “{wording.NOT_KNOWN}” sẽ được thông báo tiếp khi có thông tin.")
    yield paragraph("Đề nghị quý cơ quan phối hợp, hỗ trợ theo thẩm quyền.")


def _facts(incident: Incident) -> Iterator[tuple[str, str]]:
    """Every question that its category asks, also those to which nobody knows the answer yet."""
    for each in record.fields(incident):
        value = incident.facts.get(each.key)
        said = shown(each, value) if value is not None else ""
        yield spoken({"vi": each.vi, "en": each.en}), known(wording.without_phones(said))


def _handled(incident: Incident) -> str:
    if incident.resolved_at is not None:
        return f"đã xử lý xong hồi {moment(incident.resolved_at)}"
    if incident.status == "acknowledged" and incident.acknowledged_at is not None:
        return f"đang xử lý, từ hồi {moment(incident.acknowledged_at)}"
    return "chưa có người nhận"


def _article_14(incident: Incident) -> Iterator[Block]:
    steps = legal.recorded(incident)
    found, seal, told = (steps.get(key, {}) for key in ("suspend", "seal", "authority"))
    yield paragraph(
        f"Căn cứ điểm b khoản 1 Điều 14 {law.POSTAL_LAW} về trách nhiệm thông báo cơ quan nhà nước có thẩm quyền, "
        f"{incident.unit.name} thông báo như sau:"
    )
    where, item, sent_from = (known(found.get(key)) for key in ("found_at", "item", "sent_from"))
    seen = (
        f"Hồi {moment(incident.detected_at)}, đơn vị phát hiện bưu gửi có dấu hiệu vi phạm quy định của Luật Bưu chính "
        f"(nơi phát hiện: {where}; số hiệu bưu gửi: {item}; nơi gửi: {sent_from})."
    )
    done = wording.listed(
        [
            f"đình chỉ vận chuyển, phát bưu gửi hồi {moment(found['at'])}" if found.get("at") else "",
            _sealed(seal),
            f"giữ nguyên trạng tại {seal['kept_at']}, không bóc mở" if seal.get("kept_at") else "",
        ]
    )
    said = [
        seen,
        f"Đơn vị đã {done}." if done else f"Việc đình chỉ vận chuyển, phát và niêm phong: {wording.NOT_KNOWN}.",
    ]
    if told.get("at"):
        how = f", bằng {str(legal_words.HOW[told['how']]).lower()}" if told.get("how") in legal_words.HOW else ""
        whom = [part for part in (told.get("contact"), told.get("authority")) if part]
        contact = wording.without_phones(known(", ".join(whom)))
        said.append(f"Việc này đã được báo cho {contact}, hồi {moment(told['at'])}{how}.")
    yield from (paragraph(f"{number}. {each}") for number, each in enumerate(said, start=1))
    yield paragraph(
        "Đề nghị quý cơ quan xem xét, cử người đến làm việc và cho ý kiến xử lý. Đơn vị bàn giao bưu gửi khi có yêu "
        "cầu bằng văn bản và lập biên bản có chữ ký các bên theo quy định."
    )


def _sealed(seal: legal.Values) -> str:
    if not seal.get("at"):
        return ""
    number = f", số niêm phong {seal['seal_number']}" if seal.get("seal_number") else ""
    return f"niêm phong hồi {moment(seal['at'])}{number}"


def _end(incident: Incident) -> Iterator[Block]:
    """The telephone is the office's, nobody's own."""
    phone = format_phone(incident.unit.phone) if incident.unit.phone else ""
    yield paragraph(f"Đầu mối liên hệ: {room('', 60)}; điện thoại: {room(phone, 30)}.", align="left")
    yield paragraph("Trân trọng./.")
