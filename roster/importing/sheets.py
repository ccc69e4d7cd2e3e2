"""The sheets demand, wishes and history: what each column means (contract: Import folder)."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from core.calendar import lunar
from people.imports import values as v
from people.imports.columns import Column, Sheet
from people.imports.sheets import YES_NO
from roster.models import FORMS, PHASES
from roster.sources.models import PAIR_KINDS

FIRST_YEAR, LAST_YEAR = lunar.FIRST.year, lunar.LAST.year
ANY = "any"


def demand_sheet(duties: Sequence[str]) -> Sheet:
    """``duties`` are the codes of duty kinds."""
    return Sheet(
        "demand",
        _l("Mỗi đơn vị cần bao nhiêu người trực, theo loại trực và giai đoạn."),
        ("unit_code", "duty", "phase", "shift"),
        (
            Column(
                "duty",
                v.choice(duties, "import.unknown_duty"),
                _l("Loại trực."),
                True,
                example="operations",
                choices=duties,
            ),
            Column("unit_code", v.code, _l("Mã đơn vị tổ chức ca trực."), True, example="BDX"),
            Column(
                "phase",
                v.choice(PHASES),
                _l("Giai đoạn: trước, trong hay sau kỳ nghỉ Tết."),
                True,
                example="during",
                choices=PHASES,
            ),
            Column("shift", v.line(60), _l("Tên ca."), True, example="Đêm"),
            Column("start", v.time_of_day, _l("Giờ bắt đầu."), True, example="22:00"),
            Column("hours", v.minutes(0, 24, above=True), _l("Số giờ của ca, nhiều nhất 24."), True, example="8"),
            Column("headcount", v.whole(1, 1000), _l("Số người cùng trực trong ca."), True, example="2"),
            Column(
                "form",
                v.choice(FORMS),
                _l("Hình thức: tại chỗ (onsite), sẵn sàng tại nhà (standby), chỉ huy (command)."),
                True,
                example="onsite",
                choices=FORMS,
            ),
            Column(
                "replaces_work",
                v.yes_no,
                _l("Ca thay cho giờ làm việc thường ngày (nghỉ ra trực); trống = không."),
                default=False,
                example="yes",
                choices=YES_NO,
            ),
            Column(
                "skills",
                v.skill_numbers,
                _l("Kỹ năng mà ca cần và số người phải có; trống = không yêu cầu."),
                default={},
                example="experienced:1;lái xe:1",
            ),
            Column(
                "wanted",
                v.whole(1, 1000),
                _l("Số người mong muốn khi nhiều hơn số người cần; chỗ thêm không bắt buộc. Trống = không có."),
                default=None,
                example="3",
            ),
            Column(
                "legal_ground",
                v.line(),
                _l(
                    "Căn cứ mà đơn vị nêu cho ca trực tại chỗ dài hơn quy tắc cho phép (mặc định 12 giờ); "
                    "trống = không nêu. Được in kèm lịch trực "
                    "như lời của đơn vị."
                ),
                default="",
                example=_l("Thỏa ước lao động tập thể 2019, Điều 12"),
            ),
        ),
    )


def pairs_sheet() -> Sheet:
    return Sheet(
        "pairs",
        _l("Hai người luôn trực cùng nhau, hoặc không bao giờ trực chung một ca."),
        ("person_code", "other_code"),
        (
            Column("person_code", v.code, _l("Mã nhân viên."), True, example="NV0001"),
            Column("other_code", v.code, _l("Mã nhân viên của người kia."), True, example="NV0002"),
            Column(
                "kind",
                v.choice(PAIR_KINDS),
                _l("together = trực cùng, apart = không trực chung."),
                True,
                example="apart",
                choices=PAIR_KINDS,
            ),
        ),
    )


def wishes_sheet() -> Sheet:
    return Sheet(
        "wishes",
        _l("Nguyện vọng trực hoặc nghỉ từng ngày."),
        ("person_code", "date", "shift"),
        (
            Column("person_code", v.code, _l("Mã nhân viên."), True, example="NV0001"),
            Column("date", v.day, _l("Ngày."), True, example="25/01/2020"),
            Column(
                "shift",
                v.line(60),
                _l("Tên ca trong tệp demand, hoặc any (mọi ca); trống = any."),
                default=ANY,
                example="Đêm",
            ),
            Column(
                "want",
                v.choice(("on", "off")),
                _l("on = muốn trực, off = muốn nghỉ."),
                True,
                example="off",
                choices=("on", "off"),
            ),
            Column("weight", v.whole(1, 100), _l("Mức độ mong muốn, từ 1; trống = 1."), default=1, example="1"),
        ),
    )


def history_sheet() -> Sheet:
    count = v.whole(0, 366)
    return Sheet(
        "history",
        _l("Mỗi người đã trực bao nhiêu trong các Tết trước, để chia công bằng."),
        ("person_code", "tet_year"),
        (
            Column("person_code", v.code, _l("Mã nhân viên."), True, example="NV0001"),
            Column(
                "tet_year",
                v.whole(FIRST_YEAR, LAST_YEAR),
                _l("Năm của Tết (năm dương lịch của Mùng 1)."),
                True,
                example="2019",
            ),
            Column("points", v.scaled(100, 0, 10_000), _l("Điểm trực đã mang."), True, example="10,5"),
            Column("giao_thua", count, _l("Số lần trực đêm Giao thừa; trống = 0."), default=0, example="0"),
            Column("mung_1", count, _l("Số lần trực Mùng 1; trống = 0."), default=0, example="1"),
            Column("nights", count, _l("Số ca đêm; trống = 0."), default=0, example="3"),
        ),
    )
