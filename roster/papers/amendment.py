"""What a later revision changed, shift by shift: who leaves, who comes. Vietnamese in every language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _, lazy_gettext as _l

from core.actor import Actor
from core.clock import local_date
from core.i18n import d
from documents.agencies import faces
from documents.kinds import Content, DocumentKind, DocumentOption, DocumentOptions
from documents.paper import Block, paragraph
from people import queries as people
from people.models import DutyKind
from roster.campaigns import queries as campaigns
from roster.campaigns.models import Campaign
from roster.models import Revision
from roster.papers import choosing, fitting, published, things, wording
from roster.papers.fitting import ColumnHead
from roster.revisions import queries
from roster.revisions.difference import ChangedShift, Who


def fit(about: str, now: datetime) -> bool:
    return choosing.is_published(about, now) and things.campaign_of(about).revision > 1


def options(about: str, _actor: Actor, _now: datetime) -> Sequence[DocumentOption]:
    campaign = things.campaign_of(about)
    earlier = [each for each in queries.numbers(campaign.id) if each < campaign.revision]
    choices = [(str(each), _("So với bản số %(n)s", n=str(each))) for each in earlier]
    return (choosing.fixed("from", _("Điều chỉnh từ bản"), choices or [("", "—")]),)


def compose(asked: DocumentOptions) -> Content:
    campaign = things.campaign_of(asked.about)
    revision = published.revision_of(campaign)
    earlier = choosing.ensure_chosen(asked.options["from"], "chưa có lần điều chỉnh nào.")
    before = campaigns.revision(campaign.id, int(earlier))
    found = queries.compared(campaign, before.number, revision.number, now=asked.now).found
    choosing.ensure_something(found.moves, f"bản số {before.number} và bản số {revision.number} phân công như nhau.")
    face = faces.face(campaign.unit_id, local_date(asked.now))
    return Content(
        kind="Thông báo",
        abstract=f"Điều chỉnh lịch trực {wording.tet(campaign)}",
        unit_id=campaign.unit_id,
        symbol="TB",
        blocks=(
            paragraph(f"Căn cứ {_cited(campaign, before)},"),
            paragraph(
                f"{face.name} thông báo điều chỉnh {len(found.moves)} ca trực của {len(found.people)} người "
                f"({wording.which(revision)}) như sau:"
            ),
            _table(found.moves),
            paragraph(
                "Các ca trực không nêu ở trên giữ nguyên. Yêu cầu các đơn vị, cá nhân có tên trong danh sách điều "
                "chỉnh thực hiện./."
            ),
        ),
    )


def _cited(campaign: Campaign, before: Revision) -> str:
    """By the number of its paper, where somebody entered it."""
    said = f"lịch trực {wording.tet(campaign)} ({wording.which(before)})"
    if not before.document_number:
        return said
    on = f" ngày {d(before.signed_on)}" if before.signed_on else ""
    return f"văn bản số {before.document_number}{on} về {said}"


def _table(moves: Sequence[ChangedShift]) -> Block:
    kinds = {kind.code: kind for kind in people.duty_kinds()}
    heads = [
        ColumnHead("STT", "center"),
        ColumnHead("Thứ, ngày"),
        ColumnHead("Ca trực (giờ)", whole=True),
        ColumnHead("Loại trực, đơn vị"),
        ColumnHead("Thôi trực"),
        ColumnHead("Trực thay"),
    ]
    rows = [[str(number), *_row(each, kinds)] for number, each in enumerate(moves, 1)]
    return fitting.fitted(
        "Các ca trực điều chỉnh", heads, rows, room=fitting.TableRoom(pages=1, taken=400.0), landscape=False
    )


def _row(move: ChangedShift, kinds: dict[str, DutyKind]) -> list[str]:
    turn = move.turn
    on = local_date(turn.starts_at)
    kind = kinds[turn.duty].name_vi if turn.duty in kinds else turn.duty
    return [
        f"{wording.weekday_and_date(on)}\n({wording.lunar_day(on)})",
        f"{turn.template} {wording.hours(turn.starts_at, turn.ends_at)}",
        f"{kind}, {turn.unit_name}",
        _names(move.out),
        _names(move.came),
    ]


def _names(some: Sequence[Who]) -> str:
    return "\n".join(f"{who.name} ({who.position})" if who.position else who.name for who in some) or "–"


AMENDMENT = DocumentKind(
    code="roster.amendment",
    name=_l("Thông báo điều chỉnh lịch trực"),
    tells=_l("Chỉ những ca đổi người giữa hai bản đã ban hành."),
    compose=compose,
    draft="roster.read",
    options=options,
    fit=fit,
)
