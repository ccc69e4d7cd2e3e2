"""Words for the codes that roster pages show: rules, states, forms, phases, classes of days."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from flask_babel import gettext as _, lazy_gettext as _l

from core.i18n import written
from planning import rules
from roster.rulebook.words import rule_name
from roster.words import worth

CONSENTS: dict[str, Any] = {
    "asked": _l("chờ đồng ý"),
    "given": _l("đã đồng ý"),
    "refused": _l("không đồng ý"),
    "expired": _l("quá hạn, chưa đồng ý"),
    "withdrawn": _l("đã rút lại"),
}
RULES: dict[str, Any] = {
    "coverage.headcount": _l("Chưa đủ người"),
    "coverage.skills": _l("Thiếu kỹ năng trong ca"),
    "coverage.wanted": _l("Khác số người mong muốn"),
    "eligibility.duty": _l("Không thuộc danh sách loại trực"),
    "eligibility.unit": _l("Không thuộc đơn vị"),
    "eligibility.place": _l("Không đúng nơi làm việc"),
    "absence.away": _l("Trùng ngày vắng mặt"),
    "protected.no_night": _l("Trực đêm khi không được trực đêm"),
    "protected.no_overtime": _l("Làm thêm khi không được làm thêm giờ"),
    "overlap.shifts": _l("Trùng ca"),
    "rest.between_shifts": _l("Nghỉ giữa hai ca chưa đủ"),
    "work.ordinary": _l("Vướng giờ làm việc thường"),
    "rest.weekly": _l("Nghỉ hằng tuần chưa đủ"),
    "hours.continuous": _l("Trực tại chỗ liền quá lâu"),
    "hours.rolling": _l("Quá giờ trong 24 giờ"),
    "hours.day": _l("Quá giờ trong ngày"),
    "hours.week": _l("Quá giờ trong 7 ngày"),
    "hours.month": _l("Quá giờ làm thêm trong tháng"),
    "hours.year": _l("Quá giờ làm thêm trong năm"),
    "hours.total": _l("Tổng giờ ngoài mức đã đặt"),
    "runs.max_days": _l("Trực quá nhiều ngày liền"),
    "runs.min_days": _l("Trực quá ít ngày liền"),
    "runs.min_off": _l("Nghỉ quá ít ngày liền"),
    "weekends.most": _l("Trực quá nhiều cuối tuần"),
    "nights.in_a_row": _l("Trực quá nhiều đêm liền"),
    "nights.most": _l("Trực quá nhiều đêm"),
    "limits.max_shifts": _l("Quá số ca của mỗi người"),
    "limits.min_shifts": _l("Chưa đủ số ca của mỗi người"),
    "limits.per_day": _l("Quá số ca trong một ngày"),
    "limits.template": _l("Quá số ca theo tên ca"),
    "sequence.templates": _l("Hai ca không được nối tiếp"),
    "pairs.together": _l("Hai người chưa trực cùng nhau"),
    "pairs.apart": _l("Hai người trực chung ca"),
    "pins.kept": _l("Ca đã ghim bị đổi"),
    "fairness.load": _l("Gánh nhiều điểm"),
    "peaks.second": _l("Trực hai lần vào dịp cao điểm"),
    "peaks.repeat": _l("Trực lại Giao thừa, Mùng 1 quá sớm"),
    "rest.standby": _l("Trực tại nhà liền nhau"),
    "wishes.off": _l("Trái nguyện vọng nghỉ"),
    "wishes.on": _l("Chưa đáp ứng nguyện vọng trực"),
    "runs.isolated": _l("Ngày trực lẻ"),
    "continuity.template": _l("Đổi tên ca giữa hai ngày"),
    "change.least": _l("Thay đổi so với lịch đã biết"),
}
LAW = frozenset(each.code for each in rules.RULES if each.norms or any(p.norms for p in each.parameters))
"""Rules whose default comes from labour law: shown as a warning, never as a finding."""

PHASES: dict[str, Any] = {"before": _l("Trước Tết"), "during": _l("Trong Tết"), "after": _l("Sau Tết")}
FORMS: dict[str, Any] = {
    "onsite": _l("Trực tại chỗ"),
    "standby": _l("Trực tại nhà (sẵn sàng)"),
    "command": _l("Chỉ đạo, điều hành"),
}
DAY_CLASSES: dict[str, Any] = {
    "holiday": _l("Lễ, Tết"),
    "substitute": _l("Nghỉ bù"),
    "weekly_rest": _l("Nghỉ hằng tuần"),
    "ordinary": _l("Ngày thường"),
}
SET_STATUSES: dict[str, Any] = {
    "official": _l("Chính thức"),
    "unverified": _l("Chưa đối chiếu"),
    "projected": _l("Dự kiến"),
}
RUNS: dict[str, Any] = {
    "queued": _l("Đang chờ máy xếp lịch"),
    "running": _l("Đang xếp"),
    "optimal": _l("Tốt nhất, đã chứng minh"),
    "feasible": _l("Đã xếp xong, chưa chứng minh là tốt nhất"),
    "infeasible": _l("Không đủ người cho mọi ca"),
    "failed": _l("Không xếp được"),
    "cancelled": _l("Đã dừng, dự thảo giữ nguyên"),
}
ENGINES: dict[str, Any] = {
    "greedy": _l("xếp tham lam"),
    "draft": _l("dự thảo có sẵn"),
    "highs": _l("quy hoạch nguyên (HiGHS)"),
    "lns": _l("tìm lân cận (HiGHS)"),
    "split": _l("ghép kết quả từng phần"),
    "nearest": _l("tìm cách đổi ít ca nhất (HiGHS)"),
}
STOPPED: dict[str, Any] = {
    "proof": _l("đã chứng minh xong"),
    "work": _l("đủ khối lượng tính đã định"),
    "clock": _l("hết thời gian"),
    "cancel": _l("có yêu cầu dừng"),
    "nothing": _l("không còn cách nào khác để thử trong thời gian đã cho"),
}
CERTIFIED: dict[str, Any] = {
    "problem": _l("dữ liệu đầu vào"),
    "roster": _l("phân công"),
    "cost": _l("chi phí"),
    "missing": _l("số lượt chưa có người"),
    "hard_breaches": _l("số vi phạm bắt buộc"),
    "soft_cost": _l("chi phí của các điều mong muốn"),
    "bound": _l("cận dưới"),
    "proved": _l("lời chứng minh"),
}
"""Entries of a certificate that can be held against the facts again."""
GAPS: dict[str, Any] = {
    "empty": _l("Chưa có người trực"),
    "at_risk": _l("Người trực được ghi vắng"),
    "refused": _l("Người trực đã báo không trực được"),
    "left": _l("Người trực đã nghỉ việc"),
    "unlisted": _l("Người trực không còn trong danh sách loại trực này"),
    "moved": _l("Người trực đã chuyển sang đơn vị khác"),
    "unreachable": _l("Người trực chưa có cách nào để hệ thống gọi"),
    "open": _l("Nhu cầu để trống"),
}
DOUBTS: dict[str, Any] = {
    "absent": _l("vắng"),
    "refused": _l("đã báo không trực được"),
    "left": _l("đã nghỉ việc"),
    "unlisted": _l("thôi loại trực này"),
    "moved": _l("đã chuyển đơn vị"),
}
"""Why somebody is not sure to serve, beside "không chắc"."""


class LabelledSeat(Protocol):
    """Somebody on a shift, as the grid, its duties and the month have them. ``waits``: a code of ``CONSENTS``."""

    @property
    def bad(self) -> bool: ...
    @property
    def waits(self) -> str: ...
    @property
    def unanswered(self) -> bool: ...


def marks(who: LabelledSeat, doubt: str | None, *, pinned: bool = False, fresh: bool = False) -> list[str]:
    """Return what is to be known of them there besides their name. ``doubt``: a code of ``DOUBTS``; ``pinned``: where
    that is shown; ``fresh``: not theirs by what is published."""
    words = [_("đã ghim")] if pinned else []
    if who.bad:
        words.append(_("vi phạm"))
    if who.waits:
        words.append(str(CONSENTS[who.waits]))
    if who.unanswered:
        words.append(_("chưa xác nhận"))
    if fresh:
        words.append(_("mới, chưa ban hành"))
    if doubt:
        words.append(_("không chắc, %(why)s", why=DOUBTS[doubt]))
    return words


def rule(code: str) -> str:
    """The rule in a few words; its code when nobody wrote them."""
    return str(RULES.get(code, code))


def short(template: str) -> str:
    """The letters of a shift's name that fit a grid cell: Sáng → S, Đêm → Đ, 24/24 → 24."""
    digits = template[: len(template) - len(template.lstrip("0123456789"))]
    return digits[:2] or template[:1].upper() or "?"


def rule_names(codes: Iterable[str]) -> str:
    """Rules by their names, in one line."""
    return " · ".join(rule_name(code) for code in codes)


def engines(codes: Iterable[str]) -> str:
    """Engines by what they do, in one line."""
    return "; ".join(str(ENGINES.get(code, code)) for code in codes)


def certified(names: Iterable[str]) -> str:
    """Entries of a certificate in words, in one line."""
    return ", ".join(str(CERTIFIED.get(name, name)) for name in names)


def number(value: float) -> str:
    """A plain number with as many decimals as it needs: 0.5 → 0,5; 30.0 → 30; 28500.0 → 28.500."""
    return written(f"{value:,g}" if abs(value) < 1e6 else f"{value:,.0f}")


def spread(hundredths: int | float) -> str:
    """How far the heaviest load is from the lightest, in points and in what everybody knows: nights on duty."""
    if round(hundredths / 100) == 0:
        return _("Nặng nhất và nhẹ nhất như nhau.")
    apart = number(round(hundredths / 100))
    return _("Nặng nhất hơn nhẹ nhất %(n)s điểm: %(nights)s.", n=apart, nights=worth.nights(hundredths))


def percent(share: float) -> str:
    """0.0025 → 0,25 %; what is not zero is never shown as zero."""
    if 0 < share < 0.00005:
        return _("dưới %(share)s", share=percent(0.0001))
    return f"{written(f'{100 * share:,.2f}')} %"
