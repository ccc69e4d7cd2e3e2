"""Hồ sơ tại điểm: on paper beside the counter, for whoever inspects it and for whoever stands there without a line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from flask_babel import gettext as _, lazy_gettext as _l

from compliance.parcel_checks import queries as parcels
from compliance.posting import law, papers as posters
from compliance.posting.words import NAMES, STATES
from compliance.service_hours import queries as opening, words as hours
from compliance.today import queries
from compliance.today.queries import Today
from core import i18n
from core.clock import local_date
from core.text import format_phone
from documents.kinds import Content, DocumentKind, DocumentOptions, SubjectSort
from documents.paper import Block, Heading, Items, LabelledFacts, TableColumn, paragraph, table
from people import queries as people
from planning.rules.base import Norm

BACK = timedelta(days=30)


def compose(asked: DocumentOptions) -> Content:
    unit = people.unit_by_code(asked.key)
    point = queries.today_at(unit, local_date(asked.now), asked.now)
    return Content(
        kind=_("Hồ sơ tại điểm phục vụ"),
        abstract=unit.name,
        unit_id=unit.id,
        form="plain",
        blocks=(
            *_place(point),
            *_posting(point),
            *_numbers(point),
            *_what_to_do(point),
        ),
    )


def _place(point: Today) -> Iterable[Block]:
    unit, today = point.unit, point.today
    week = opening.hours_by_day([unit.id], [today + timedelta(days=number) for number in range(7)])
    ring = tuple((_duty(duty, number.is_desk), format_phone(number.phone)) for duty, number in point.ring)
    yield LabelledFacts(
        (
            (_("Mã đơn vị"), unit.code),
            (_("Địa chỉ"), unit.address or "–"),
            (_("In ngày"), i18n.long_date(today)),
        )
    )
    yield Heading(_("1. Gọi ai khi có việc"))
    yield LabelledFacts((*ring, (_("Công an · Cháy · Cấp cứu"), "113 · 114 · 115")))
    yield Heading(_("2. Giờ mở cửa bảy ngày tới"))
    yield LabelledFacts(tuple((i18n.long_date(day), hours.whole(said)) for (_unit, day), said in week.items()))


def _duty(duty: str, is_desk: bool) -> str:
    names = {"operations": _("Trực điều hành"), "leadership": _("Trực lãnh đạo"), "support": _("Hỗ trợ khách hàng")}
    return names[duty] if is_desk else _("Bưu điện cấp trên")


def _posting(point: Today) -> Iterable[Block]:
    yield Heading(_("3. Niêm yết"))
    rows = [
        (
            str(NAMES[what]),
            str(STATES[state.code]),
            i18n.d(state.hanging.posted_on) if state.hanging else "–",
            _cost(law.penalty(what, point.today)),
        )
        for what, state in point.posting.items()
    ]
    columns = (
        TableColumn(_("Bản"), 3),
        TableColumn(_("Tình trạng"), 2),
        TableColumn(_("Từ ngày"), 1.3),
        TableColumn(_("Mức phạt"), 3),
    )
    yield table(_("Niêm yết"), columns, rows)


def _cost(norm: Norm | None) -> str:
    if norm is None or norm.value is None:
        return "–"
    return _("%(basis)s: đến %(n)s triệu đồng", basis=norm.basis, n=norm.value)


def _numbers(point: Today) -> Iterable[Block]:
    yield Heading(_("4. Kiểm tra gói, kiện 30 ngày qua"))
    found = parcels.by_day([point.unit.id], point.today - BACK, point.today)
    rows = [
        (i18n.d(day), *(str(i18n.counted(each)) for each in (n.checked, n.refused, n.referred, n.found_after)))
        for (_unit, day), n in sorted(found.items())
    ]
    if not rows:
        yield paragraph(_("Chưa ghi ngày nào."), indent=False)
        return
    titles = (_("Ngày"), _("Kiểm tra"), _("Từ chối"), _("Đã báo cơ quan"), _("Sau khi nhận"))
    columns = [TableColumn(title, align="left" if at == 0 else "right") for at, title in enumerate(titles)]
    yield table(_("Kiểm tra gói, kiện"), columns, rows)


def _what_to_do(point: Today) -> Iterable[Block]:
    yield Heading(_("5. Khi phát hiện hàng cấm gửi"))
    rules = parcels.rules_for(point.unit.id)
    english = i18n.locale() == "en"
    own = [
        _("Khoản %(n)s: %(text)s", n=khoan, text=(rule.text_en if english else "") or rule.text_vi)
        for khoan, rule in sorted(rules.items())
    ]
    yield Items(
        (
            _("Trước khi nhận: từ chối (%(law)s). Ghi ở trang “Hôm nay ở điểm”.", law=law.REFUSE[0].basis),
            *own,
            _("Sau khi nhận: dừng chuyển, để tại chỗ, không bóc mở, gọi số ở mục 1 (Điều 14)."),
        )
    )
    yield paragraph(_("Cách hiểu của chúng tôi, không phải kết luận pháp lý."), indent=False, italic=True)


POINT = SubjectSort(
    "point",
    posters.owner,
    posters.visible,
    posters.address,
    (
        posters.POSTER,
        DocumentKind(
            "compliance.point_file",
            _l("Hồ sơ tại điểm"),
            _l("Gọi ai, giờ mở cửa, niêm yết, số liệu kiểm tra gói kiện, việc phải làm khi phát hiện hàng cấm gửi."),
            compose,
            "point.tell",
            numbered=False,
            languages=("vi", "en"),
        ),
    ),
)
SORTS = (POINT, posters.ALL_POSTERS)
