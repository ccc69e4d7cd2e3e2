"""The sheets units, people and absences: what each column means (contract: Import folder)."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from people.imports import values as v
from people.imports.columns import KEEP, Column, Sheet
from people.models import ABSENCE_KINDS

YES_NO = ("yes", "no")


def units_sheet(kinds: Sequence[str]) -> Sheet:
    """``kinds`` are the codes of unit kinds."""
    return Sheet(
        "units",
        _l("Cây đơn vị, từ doanh nghiệp đến điểm phục vụ. Đơn vị cấp trên có thể nằm ở dòng dưới."),
        ("code",),
        (
            Column("code", v.code, _l("Mã đơn vị, không trùng trong doanh nghiệp."), True, example="BDX-H01"),
            Column("parent_code", v.code, _l("Mã đơn vị cấp trên; để trống nếu là đơn vị cao nhất."), example="BDX"),
            Column("name", v.line(), _l("Tên đơn vị."), True, example="Bưu điện Pleiku"),
            Column(
                "kind",
                v.choice(kinds, "import.unknown_unit_kind"),
                _l("Loại đơn vị."),
                True,
                example="district",
                choices=kinds,
            ),
            Column("phone", v.phone, _l("Điện thoại của đơn vị."), example="0269 3000 000"),
            Column("address", v.line(500), _l("Địa chỉ.")),
            Column(
                "serves_party_state",
                v.yes_no,
                _l("Phục vụ cơ quan Đảng, Nhà nước (KT1) hay không; trống = không."),
                default=False,
                example="no",
                choices=YES_NO,
            ),
        ),
    )


def people_sheet(duties: Sequence[str], patterns: Sequence[str]) -> Sheet:
    """``duties`` and ``patterns`` are the codes of duty kinds and work patterns."""
    hours = v.minutes(0, 8784)
    return Sheet(
        "people",
        _l("Người của doanh nghiệp, kể cả người không trực."),
        ("code",),
        (
            Column("code", v.code, _l("Mã nhân viên, không trùng trong doanh nghiệp."), True, example="NV0001"),
            Column("full_name", v.line(), _l("Họ và tên."), True, example="Ksor H’Nhung"),
            Column("unit_code", v.code, _l("Mã đơn vị đang làm việc."), True, example="BDX-H01"),
            Column("position", v.line(), _l("Chức vụ."), example="Kiểm soát viên"),
            Column(
                "email",
                v.email,
                _l("Thư điện tử; ô trống giữ nguyên địa chỉ đang có."),
                default=KEEP,
                example="nhung@buudien.example",
            ),
            Column(
                "phone",
                v.phone,
                _l("Điện thoại di động; ô trống giữ nguyên số đang có."),
                default=KEEP,
                example="0900 000 001",
            ),
            Column(
                "duties",
                v.several(duties, "import.unknown_duty"),
                _l("Loại trực được phân công, cách nhau bằng dấu chấm phẩy."),
                default=(),
                example="operations;emergency",
            ),
            Column(
                "max_shifts",
                v.whole(0, 366),
                _l("Số ca nhiều nhất trong một đợt trực; trống = không giới hạn."),
                default=None,
                example="8",
            ),
            Column(
                "no_night",
                v.yes_no,
                _l("Không trực đêm tại chỗ (thai sản, con nhỏ, sức khỏe); trống = không."),
                default=False,
                example="no",
                choices=YES_NO,
            ),
            Column("active", v.yes_no, _l("Đang làm việc; trống = có."), default=True, example="yes", choices=YES_NO),
            Column(
                "work_pattern",
                v.choice(patterns, "import.unknown_work_pattern"),
                _l("Giờ làm việc thường ngày; trống = shift (chỉ theo ca trực)."),
                default="shift",
                example="office5",
                choices=patterns,
            ),
            Column(
                "overtime_month",
                hours,
                _l("Số giờ đã làm thêm trong tháng đầu của đợt trực; trống = chưa rõ."),
                default=None,
                example="12,5",
            ),
            Column(
                "overtime_year",
                hours,
                _l("Số giờ đã làm thêm trong năm của đợt trực; trống = chưa rõ."),
                default=None,
                example="40",
            ),
            *_of_rules(),
        ),
    )


def _of_rules() -> tuple[Column, ...]:
    """What only the rules of a roster ask of people."""
    return (
        Column(
            "skills",
            v.skills,
            _l("Kỹ năng, kinh nghiệm mà ca trực có thể cần, cách nhau bằng dấu chấm phẩy; tự đặt tên."),
            default=(),
            example="experienced;lái xe",
        ),
        Column(
            "share",
            v.whole(1, 100),
            _l("Tỷ lệ thời gian làm việc, phần trăm; trống = 100."),
            default=100,
            example="100",
        ),
        Column(
            "no_overtime",
            v.yes_no,
            _l("Không làm thêm giờ; trống = không áp dụng."),
            default=False,
            example="no",
            choices=YES_NO,
        ),
        Column(
            "min_shifts",
            v.whole(0, 366),
            _l("Số ca ít nhất trong một đợt trực; trống = không đặt mức."),
            default=None,
            example="2",
        ),
        Column(
            "limits",
            v.limits,
            _l("Mức riêng theo quy tắc, dạng mã:tên=số (giờ tính bằng phút), cách nhau bằng dấu chấm phẩy."),
            default={},
            example="hours.week:most=2400;limits.template:Đêm=2",
        ),
    )


def absences_sheet() -> Sheet:
    return Sheet(
        "absences",
        _l("Nghỉ phép, nghỉ ốm, đi công tác, đi học: những ngày không xếp ca."),
        ("person_code", "from", "to"),
        (
            Column("person_code", v.code, _l("Mã nhân viên."), True, example="NV0001"),
            Column("from", v.day, _l("Ngày vắng đầu tiên."), True, example="24/01/2020"),
            Column(
                "to",
                v.day,
                _l("Ngày vắng cuối cùng (tính cả ngày này), không quá 366 ngày."),
                True,
                example="28/01/2020",
            ),
            Column(
                "kind",
                v.choice(ABSENCE_KINDS),
                _l("Lý do; trống = other."),
                default="other",
                example="annual_leave",
                choices=ABSENCE_KINDS,
            ),
            Column("note", v.line(1000), _l("Ghi chú.")),
        ),
    )
