"""The agreement to overtime, with room for each one's signature. An official form: Vietnamese in every language."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby

from flask_babel import gettext as _, lazy_gettext as _l

from core.actor import Actor
from core.i18n import dt, duration
from documents.kinds import Content, DocumentKind, DocumentOption, DocumentOptions, OptionChoice
from documents.paper import PaperTable, Party, Signatures, TableCell, paragraph
from duty.overtime_consent import law, listing
from duty.overtime_consent.queries import ConsentLine
from people import queries as people
from people.access import guard
from people.models import DutyKind
from roster.campaigns.models import Campaign
from roster.papers import choosing, fitting, things, wording
from roster.papers.fitting import ColumnHead

ACTION = "duty.confirm"
_SIGNED = "(Ký, ghi rõ họ tên)"


def options(about: str, actor: Actor, now: datetime) -> Sequence[DocumentOption]:
    """A unit and all below it; of it one person, or all."""
    campaign = things.campaign_of(about)
    within = guard.reach(actor, ACTION, now=now)
    signers = {line.duty.person.code: line.duty.person for line in listing.to_sign(campaign.id, within, now=now)}
    each = [OptionChoice(who.code, f"{who.full_name} ({who.code})") for who in signers.values()]
    whole = OptionChoice("", _("Cả danh sách"))
    return (
        choosing.unit_option(about, whole=True, within=within),
        DocumentOption("person", _("Người ký"), (whole, *each)),
    )


def compose(asked: DocumentOptions) -> Content:
    campaign = things.campaign_of(asked.about)
    unit = people.unit_by_code(choosing.ensure_chosen(asked.options["unit"]))
    guard.refuse_unless(asked.actor, ACTION, unit.id, now=asked.now)
    lines = _lines(campaign, people.subtree_ids(unit.id), asked.options["person"], asked)
    choosing.ensure_something(lines, "không có ca nào có giờ làm thêm chờ ký.")
    return Content(
        kind="Văn bản thỏa thuận",
        abstract="Về việc làm thêm giờ",
        unit_id=unit.id,
        blocks=(
            paragraph(f"Căn cứ {law.basis(lines[0].duty.starts_at)};"),
            paragraph(f"Căn cứ lịch trực {wording.tet(campaign)},"),
            paragraph(
                "Người sử dụng lao động đề nghị, và người lao động có tên, có chữ ký dưới đây đồng ý làm thêm giờ như "
                "sau:"
            ),
            _table(lines),
            paragraph(
                "Số giờ làm thêm là phần của ca ngoài thời giờ làm việc bình thường, tính theo lịch trực đã ban hành. "
                "Ai không đồng ý thì không ký; không ký không phải là từ chối ca trực./."
            ),
            Signatures((Party("NGƯỜI LẬP", "", _SIGNED), Party("ĐẠI DIỆN NGƯỜI SỬ DỤNG LAO ĐỘNG", "", _SIGNED))),
        ),
        needs=(ACTION,),
        signed=False,
    )


def _lines(campaign: Campaign, below: Collection[int], person: str, asked: DocumentOptions) -> Sequence[ConsentLine]:
    within = guard.reach(asked.actor, ACTION, now=asked.now)
    units = set(below) if within is None else set(below) & within
    person_id = people.person_by_code(person).id if person else None
    return listing.to_sign(campaign.id, units, person_id, now=asked.now)


def _table(lines: Sequence[ConsentLine]) -> PaperTable:
    heads = [
        ColumnHead("STT", "center"),
        ColumnHead("Họ và tên; công việc đang làm"),
        ColumnHead("Thời gian"),
        ColumnHead("Địa điểm"),
        ColumnHead("Công việc làm thêm"),
        ColumnHead("Số giờ làm thêm", "center"),
        ColumnHead("Chữ ký", whole=True, least=6.0),
    ]
    kinds = {kind.code: kind for kind in people.duty_kinds()}
    signers = [list(own) for _who, own in groupby(lines, key=lambda line: line.duty.person_id)]
    rows = [row for number, own in enumerate(signers, 1) for row in _rows_of_one(number, own, kinds)]
    return fitting.fitted("Giờ làm thêm", heads, rows, landscape=False, sizes=(11.0, 10.0, 9.0, 8.0))


def _rows_of_one(number: int, own: Sequence[ConsentLine], kinds: dict[str, DutyKind]) -> Iterable[list[TableCell]]:
    person = own[0].duty.person
    for place, line in enumerate(own):
        duty = line.duty
        kind = kinds[duty.duty].name_vi if duty.duty in kinds else duty.duty
        agreed = line.said is not None and line.state == "agreed" and line.said.via != "paper"
        first = [
            TableCell(str(number), rows=len(own)),
            TableCell("\n".join(filter(None, (person.full_name, person.position))), rows=len(own)),
        ]
        yield [
            *([] if place else first),
            TableCell(f"{dt(duty.starts_at)} –\n{dt(duty.ends_at)}"),
            TableCell(", ".join(filter(None, (duty.unit.name, duty.unit.address)))),
            TableCell(f"{kind}, ca {duty.template}"),
            TableCell(duration(line.minutes * 60)),
            TableCell(f"đã đồng ý {dt(line.said.answered_at)}" if agreed and line.said else ""),
        ]


OVERTIME_CONSENT = DocumentKind(
    code="roster.overtime_consent",
    name=_l("Thỏa thuận làm thêm giờ"),
    tells=_l("Từng người ký đồng ý số giờ làm thêm trong ca trực; một người hoặc cả danh sách."),
    compose=compose,
    draft=ACTION,
    options=options,
    numbered=False,
    fit=choosing.is_published,
)
