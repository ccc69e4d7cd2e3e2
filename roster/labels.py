"""Words for the codes that roster pages show: rules, states, forms, phases, classes of days."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.i18n import locale

RULES: dict[str, Any] = {
    "coverage.headcount": _l("Chưa đủ người"),
    "eligibility.duty": _l("Không thuộc danh sách loại trực"),
    "eligibility.unit": _l("Không thuộc đơn vị"),
    "absence.away": _l("Trùng ngày vắng mặt"),
    "protected.no_night": _l("Trực đêm khi không được trực đêm"),
    "overlap.shifts": _l("Trùng ca"),
    "rest.between_shifts": _l("Nghỉ giữa hai ca chưa đủ"),
    "limits.max_shifts": _l("Quá số ca của mỗi người"),
    "pins.kept": _l("Ca đã ghim bị đổi"),
    "fairness.load": _l("Gánh nhiều điểm"),
    "peaks.second": _l("Trực hai lần vào dịp cao điểm"),
    "peaks.repeat": _l("Trực lại ngày của Tết trước"),
    "wishes.off": _l("Trái nguyện vọng nghỉ"),
    "wishes.on": _l("Chưa đáp ứng nguyện vọng trực"),
}
LAW = frozenset({"rest.between_shifts", "protected.no_night"})
"""Rules whose default comes from labour law: shown as a warning, never as a finding."""

PHASES: dict[str, Any] = {"before": _l("Trước Tết"), "during": _l("Trong Tết"), "after": _l("Sau Tết")}
FORMS: dict[str, Any] = {
    "onsite": _l("Trực tại chỗ"), "standby": _l("Trực tại nhà (sẵn sàng)"), "command": _l("Chỉ đạo, điều hành"),
}  # fmt: skip
DAY_CLASSES: dict[str, Any] = {
    "holiday": _l("Lễ, Tết"), "substitute": _l("Nghỉ bù"), "weekly_rest": _l("Nghỉ hằng tuần"),
    "ordinary": _l("Ngày thường"),
}  # fmt: skip
SET_STATUSES: dict[str, Any] = {
    "official": _l("Chính thức"), "unverified": _l("Chưa đối chiếu"), "projected": _l("Dự kiến"),
}  # fmt: skip
RUNS: dict[str, Any] = {
    "queued": _l("Đang chờ máy xếp lịch"),
    "running": _l("Đang xếp"),
    "optimal": _l("Tốt nhất, đã chứng minh"),
    "feasible": _l("Đã xếp xong, chưa chứng minh là tốt nhất"),
    "infeasible": _l("Không đủ người cho mọi ca"),
    "failed": _l("Không xếp được"),
    "cancelled": _l("Đã dừng, dự thảo giữ nguyên"),
}
GAPS: dict[str, Any] = {
    "empty": _l("Chưa có người trực"),
    "unreachable": _l("Người trực không có số điện thoại, thư điện tử"),
    "open": _l("Nhu cầu để trống"),
}


def rule(code: str) -> str:
    """The rule in a few words; its code when nobody wrote them."""
    return str(RULES.get(code, code))


def short(template: str) -> str:
    """The letters of a shift's name that fit a grid cell: Sáng → S, Đêm → Đ, 24/24 → 24."""
    digits = template[: len(template) - len(template.lstrip("0123456789"))]
    return digits[:2] or template[:1].upper() or "?"


def percent(share: float) -> str:
    """0.0025 → 0,25 %"""
    shown = f"{100 * share:.2f}"
    return f"{shown.replace('.', ',') if locale() == 'vi' else shown} %"
