"""The record (biên bản) of a prohibited item by Article 14 of the Postal Law, signed by all who were there.

What nobody has recorded yet is room to write. An official form: Vietnamese in every language.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from core.errors import Conflict
from documents.kinds import Content, DocumentOptions
from documents.paper import Block, Party, Signatures, paragraph
from incidents.legal import law, services as legal, words
from incidents.legal.steps import Values
from incidents.merging import services as merging
from incidents.papers import wording
from incidents.papers.wording import moment, room
from incidents.record import queries
from incidents.record.models import Incident

ABSTRACT = "Về việc phát hiện và đình chỉ vận chuyển, phát bưu gửi\nnghi vi phạm quy định của Luật Bưu chính"
EXERCISE = "\n(diễn tập)"
EMPTY: tuple[Values, ...] = ({}, {}, {})
"""Parties, while nobody is named."""


def fit(about: str, now: datetime) -> bool:
    return legal.applies(queries.by_code(about.partition(":")[2]))


def compose(asked: DocumentOptions) -> Content:
    incident = queries.readable(asked.key, asked.actor, asked.now)
    if not legal.applies(incident):
        raise Conflict("legal.none", state={"code": incident.code, "category": incident.category})
    main = merging.main_of(incident)
    if main is not incident and legal.applies(main):
        raise Conflict("papers.joined", state={"code": incident.code, "joined_to": main.code}, main=main.code)
    steps = legal.recorded(incident)
    parties = steps.get("record", {}).get("parties") or EMPTY
    return Content(
        kind="Biên bản",
        symbol="BB",
        abstract=ABSTRACT + (EXERCISE if incident.rehearsal_id is not None else ""),
        unit_id=incident.unit_id,
        blocks=(*_blocks(incident, steps, parties), _signatures(parties)),
        signed=False,
    )


def _blocks(incident: Incident, steps: dict[str, Values], parties: Sequence[Values]) -> Iterator[Block]:
    record = steps.get("record", {})
    yield paragraph(f"Căn cứ {law.POSTAL_LAW}, Điều 14.")
    yield paragraph(f"Hôm nay, hồi {moment(record.get('at'))}, tại {room(record.get('place'), 60)}, chúng tôi gồm:")
    for number, party in enumerate(parties, start=1):
        yield paragraph(
            f"{number}. Ông (Bà): {room(party.get('name'), 50)}; chức vụ: {room(party.get('role'), 36)}; "
            f"đơn vị, cơ quan: {room(party.get('organisation'), 50)}."
        )
    yield paragraph(f"Cùng lập biên bản về việc sau (mã sự cố {incident.code}):")
    said = (_found(steps), _sealed(steps), _outside(record), _told(steps), f"Ý kiến khác của các bên: {room('', 240)}")
    yield from (paragraph(f"{number}. {each}") for number, each in enumerate(said, start=1))
    if steps.get("handover"):
        yield paragraph(f"{len(said) + 1}. {_handed_over(steps['handover'])}")
    yield paragraph(_signed(record))


def _found(steps: dict[str, Values]) -> str:
    found = steps.get("suspend", {})
    return (
        f"Phát hiện và đình chỉ: hồi {moment(found.get('at'))}, tại {room(found.get('found_at'), 50)}; bưu gửi số hiệu "
        f"{room(found.get('item'))}; nơi gửi: {room(found.get('sent_from'), 40)}. Người thực hiện đình chỉ vận chuyển, "
        f"phát: {room(found.get('by'), 40)}."
    )


def _sealed(steps: dict[str, Values]) -> str:
    """Return what the form of the law says of the item itself, only once the seal is recorded."""
    seal = steps.get("seal", {})
    kept = " Bưu gửi được giữ nguyên trạng tại chỗ, không bóc mở." if seal.get("at") else ""
    return (
        f"Niêm phong: hồi {moment(seal.get('at'))}; số niêm phong {room(seal.get('seal_number'), 24)}; nơi giữ: "
        f"{room(seal.get('kept_at'), 50)}; người thực hiện: {room(seal.get('by'), 40)}.{kept}"
    )


def _outside(record: Values) -> str:
    return f"Tình trạng bên ngoài của bưu gửi: {room(record.get('outside'), 240)}"


def _told(steps: dict[str, Values]) -> str:
    leader, told = steps.get("leadership", {}), steps.get("authority", {})
    how = f", bằng {str(words.HOW[told['how']]).lower()}" if told.get("how") in words.HOW else ""
    number = f", văn bản số {told['document']}" if told.get("document") else ""
    return (
        f"Báo cáo và thông báo: báo {room(leader.get('person'), 36)} hồi {moment(leader.get('at'))}; thông báo "
        f"{room(told.get('authority'), 44)} (người tiếp nhận: "
        f"{wording.without_phones(room(told.get('contact'), 36))}) hồi {moment(told.get('at'))}{how}{number}."
    )


def _handed_over(given: Values) -> str:
    on = given.get("request_on")
    return (
        f"Bàn giao tang vật: theo văn bản yêu cầu số {room(given.get('request_number'))}"
        f"{f' {wording.long_day(on)}' if on else ''} của {room(given.get('request_by'), 44)}; hồi "
        f"{moment(given.get('at'))}; người nhận: {room(given.get('received_by'), 40)}; tang vật: "
        f"{room(given.get('items'), 60)}."
    )


def _signed(record: Values) -> str:
    copies = f"{record['copies']:02d}" if record.get("copies") else ""
    signed: datetime | None = record.get("signed_at")
    at = f" hồi {moment(signed)}" if signed else ""
    return (
        f"Biên bản được lập thành {room(copies, 9)} bản có giá trị như nhau, mỗi bên giữ 01 bản; đã đọc lại cho các "
        f"bên cùng nghe, công nhận đúng và ký tên dưới đây{at}./."
    )


def _signatures(parties: Sequence[Values]) -> Signatures:
    return Signatures(
        tuple(
            Party(
                str(each.get("organisation") or each.get("role") or f"Đại diện bên {number}").upper(),
                str(each.get("name", "")),
                wording.TO_SIGN,
            )
            for number, each in enumerate(parties, start=1)
        )
    )
