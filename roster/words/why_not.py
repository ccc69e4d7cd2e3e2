"""Why a rule keeps somebody off a shift, as the end of "… người": "đang nghỉ phép"."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from planning.rules.hours.continuous import HOURS_CONTINUOUS

_REASONS: dict[str, Any] = {
    "coverage.skills": _l("không có kỹ năng mà ca cần"),
    "eligibility.duty": _l("không thuộc danh sách trực loại này"),
    "eligibility.unit": _l("thuộc đơn vị khác"),
    "eligibility.place": _l("làm việc ở nơi khác"),
    "absence.away": _l("vắng mặt"),
    "protected.no_night": _l("không trực đêm tại chỗ"),
    "protected.no_overtime": _l("không làm thêm giờ"),
    "overlap.shifts": _l("đang trực ca khác cùng giờ"),
    "hours.rolling": _l("quá giờ trực tại chỗ trong 24 giờ"),
    "hours.day": _l("quá giờ trong ngày"),
    "hours.week": _l("quá giờ trong 7 ngày"),
    "hours.month": _l("quá giờ làm thêm trong tháng"),
    "hours.year": _l("quá giờ làm thêm trong năm"),
    "runs.max_days": _l("đã đủ số ngày trực liền"),
    "runs.min_days": _l("sẽ trực quá ít ngày liền"),
    "runs.min_off": _l("sẽ nghỉ quá ít ngày liền"),
    "weekends.most": _l("đã đủ số cuối tuần"),
    "nights.in_a_row": _l("đã đủ số đêm liền"),
    "nights.most": _l("đã đủ số đêm"),
    "limits.max_shifts": _l("đã đủ số ca tối đa"),
    "limits.min_shifts": _l("chưa đủ số ca tối thiểu"),
    "limits.per_day": _l("đã đủ số ca trong ngày"),
    "limits.template": _l("đã đủ số ca của tên ca này"),
    "sequence.templates": _l("vướng ca hôm trước hoặc hôm sau"),
    "pairs.together": _l("phải trực cùng người khác"),
    "pairs.apart": _l("không trực chung với người trong ca"),
    "pins.kept": _l("đã được ghim vào ca khác"),
    "hours.continuous": _l("trực tại chỗ liền quá lâu"),
    "hours.total": _l("quá tổng giờ của đợt"),
    "work.ordinary": _l("vướng giờ làm việc thường"),
    "rest.weekly": _l("chưa đủ nghỉ hằng tuần"),
    "rest.between_shifts": _l("chưa nghỉ đủ giữa hai ca"),
}


def reason(code: str, *, lacks_ground: bool = False) -> str:
    """``lacks_ground``: that shift by itself is too long on site without one (``RosterNames.lacks_ground``)."""
    if lacks_ground and code == HOURS_CONTINUOUS.code:
        return _("ca tại chỗ quá dài mà nhu cầu chưa nêu căn cứ (legal_ground)")
    return str(_REASONS[code]) if code in _REASONS else code
