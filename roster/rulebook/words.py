"""Names of the rules, what each asks for, their parameters and units, as pages and documents say them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

_NAMES: dict[str, Any] = {
    "coverage.headcount": _l("Đủ người mỗi ca"),
    "coverage.skills": _l("Đủ kỹ năng trong ca"),
    "coverage.wanted": _l("Số người mong muốn"),
    "eligibility.duty": _l("Đúng loại trực"),
    "eligibility.unit": _l("Đúng đơn vị"),
    "eligibility.place": _l("Đúng nơi làm việc"),
    "absence.away": _l("Không trực khi vắng mặt"),
    "protected.no_night": _l("Người không trực đêm"),
    "protected.no_overtime": _l("Người không làm thêm giờ"),
    "pins.kept": _l("Giữ ca đã ghim"),
    "overlap.shifts": _l("Không trùng ca"),
    "rest.between_shifts": _l("Nghỉ giữa hai ca"),
    "work.ordinary": _l("Giờ làm việc thường"),
    "rest.weekly": _l("Nghỉ hằng tuần"),
    "hours.continuous": _l("Một lượt trực tại chỗ liền"),
    "hours.rolling": _l("Trực tại chỗ trong 24 giờ bất kỳ"),
    "hours.day": _l("Giờ làm trong ngày"),
    "hours.week": _l("Giờ làm trong 7 ngày"),
    "hours.month": _l("Làm thêm trong tháng"),
    "hours.year": _l("Làm thêm trong năm"),
    "hours.total": _l("Tổng giờ trực tại chỗ"),
    "runs.max_days": _l("Số ngày trực liên tiếp"),
    "runs.min_days": _l("Số ngày trực liền tối thiểu"),
    "runs.min_off": _l("Số ngày nghỉ liền tối thiểu"),
    "weekends.most": _l("Số cuối tuần phải trực"),
    "nights.in_a_row": _l("Số đêm trực liên tiếp"),
    "nights.most": _l("Tổng số đêm trực"),
    "limits.max_shifts": _l("Số ca tối đa mỗi người"),
    "limits.min_shifts": _l("Số ca tối thiểu mỗi người"),
    "limits.per_day": _l("Số ca trong một ngày"),
    "limits.template": _l("Số ca tối đa theo tên ca"),
    "sequence.templates": _l("Ca không được nối tiếp nhau"),
    "pairs.together": _l("Hai người trực cùng nhau"),
    "pairs.apart": _l("Hai người không trực chung"),
    "fairness.load": _l("Công bằng theo điểm"),
    "peaks.second": _l("Không trực hai lần dịp cao điểm"),
    "peaks.repeat": _l("Không trực lại Giao thừa, Mùng 1 quá sớm"),
    "rest.standby": _l("Giãn các lượt trực tại nhà"),
    "wishes.off": _l("Nguyện vọng nghỉ"),
    "wishes.on": _l("Nguyện vọng trực"),
    "runs.isolated": _l("Tránh ngày trực lẻ"),
    "continuity.template": _l("Giữ cùng tên ca hai ngày liền"),
    "change.least": _l("Ít thay đổi khi xếp lại"),
}

_EXPLANATIONS: dict[str, Any] = {
    "coverage.headcount": _l("Mỗi ca có đúng số người cần; ca có số người mong muốn thì ít nhất số người cần."),
    "coverage.skills": _l("Trong ca có đủ số người biết từng kỹ năng mà nhu cầu nêu. Chỗ còn trống chưa bị tính."),
    "coverage.wanted": _l("Mỗi người thừa hoặc thiếu so với số mong muốn của ca có giá ghi trong nhu cầu."),
    "eligibility.duty": _l("Chỉ người trong danh sách của loại trực đó."),
    "eligibility.unit": _l(
        "Chỉ người của đơn vị có nhu cầu hoặc đơn vị trực thuộc. "
        "Đặt mềm thì đơn vị khác hỗ trợ được, với giá của mỗi ca."
    ),
    "eligibility.place": _l("Trực tại chỗ chỉ ở chính đơn vị của mình."),
    "absence.away": _l("Người nghỉ phép, ốm, đi công tác không trực, dù chỉ một phút."),
    "protected.no_night": _l("Không trực tại chỗ trong khoảng 22:00 đến 06:00. Lý do không được lưu."),
    "protected.no_overtime": _l("Không làm thêm giờ, tính theo ngày (8 giờ) và theo tuần. Lý do không được lưu."),
    "pins.kept": _l("Người đã ghim vào ca thì ở lại ca đó, kể cả khi trái quy tắc khác."),
    "overlap.shifts": _l("Không ai ở hai ca cùng lúc, tính cả các đợt trực khác."),
    "rest.between_shifts": _l(
        "Giữa hai ca của một người mà có ca tại chỗ thì có đủ thời gian nghỉ. Các lượt trực tại nhà nối tiếp nhau "
        "không cần nghỉ, trừ khi đặt mức riêng."
    ),
    "work.ordinary": _l(
        "Ca tại chỗ không trùng và không sát giờ làm việc thường. Ca thay giờ làm việc thì bỏ giờ làm của ngày đó, "
        "và của ngày kết thúc nếu ca qua nửa đêm."
    ),
    "rest.weekly": _l("Mỗi tuần có trực tại chỗ, từ thứ Hai đến Chủ nhật, có một khoảng nghỉ liền đủ dài."),
    "hours.continuous": _l(
        "Một lượt trực tại chỗ liền không quá mức, kể cả qua nửa đêm; ca nối nhau là một lượt. Ca đã nêu căn cứ "
        "(legal_ground) ở nhu cầu thì được dài hơn. Cách hiểu thận trọng của Đ.107, NĐ 145 Đ.60 (trước 2021: Đ.106 Bộ "
        "luật 2012, NĐ 45/2013 Đ.4); sửa được."
    ),
    "hours.rolling": _l(
        "Giờ trực tại chỗ trong bất kỳ 24 giờ liền nào cộng lại không quá mức. Ca đã nêu căn cứ (legal_ground) ở nhu "
        "cầu chỉ được tính bằng mức này. Cách hiểu thận trọng của Đ.107, NĐ 145 Đ.60 (trước 2021: Đ.106 Bộ luật 2012, "
        "NĐ 45/2013 Đ.4); sửa được."
    ),
    "hours.day": _l("Giờ trực tại chỗ và giờ làm việc thường của một ngày cộng lại không quá mức."),
    "hours.week": _l("Giờ trực tại chỗ và giờ làm việc thường của bất kỳ 7 ngày liền nhau cộng lại không quá mức."),
    "hours.month": _l("Giờ làm thêm trong tháng, kể cả giờ đã làm trước đợt trực. Chế độ 300 giờ có mức riêng."),
    "hours.year": _l("Giờ làm thêm trong năm, kể cả giờ đã làm trước đợt trực. Chế độ 300 giờ có mức riêng."),
    "hours.total": _l("Tổng giờ trực tại chỗ của cả đợt nằm giữa hai mức, thường đặt riêng cho từng người."),
    "runs.max_days": _l("Không trực tại chỗ quá nhiều ngày liền."),
    "runs.min_days": _l("Đã trực tại chỗ thì trực liền một số ngày. Không xét hai đầu đợt trực."),
    "runs.min_off": _l("Đã nghỉ thì nghỉ liền một số ngày. Không xét hai đầu đợt trực."),
    "weekends.most": _l("Số cuối tuần (thứ Bảy, Chủ nhật) có trực tại chỗ không quá mức."),
    "nights.in_a_row": _l("Không trực đêm tại chỗ quá nhiều đêm liền."),
    "nights.most": _l("Số đêm trực tại chỗ của cả đợt không quá mức."),
    "limits.max_shifts": _l("Không quá số ca riêng của từng người, hoặc số chung của đợt."),
    "limits.min_shifts": _l("Không dưới số ca riêng của từng người, hoặc số chung của đợt."),
    "limits.per_day": _l("Số ca bắt đầu trong cùng một ngày không quá mức."),
    "limits.template": _l("Không quá số ca của một tên ca, đặt riêng cho từng người."),
    "sequence.templates": _l("Ca có tên này không đi liền sau ca có tên kia vào ngày hôm sau."),
    "pairs.together": _l("Hai người cùng có mặt hoặc cùng không, ở mọi ca đủ chỗ cho cả hai."),
    "pairs.apart": _l("Hai người không ở chung ca nào."),
    "fairness.load": _l(
        "Điểm các Tết trước cộng điểm của đợt, so với phần việc và số ngày có mặt của từng người; "
        "càng gánh nhiều, mỗi điểm thêm càng đắt."
    ),
    "peaks.second": _l("Không ai trực lần thứ hai vào Giao thừa và Mùng 1 đến Mùng 3 khi người khác chưa trực."),
    "peaks.repeat": _l(
        "Ai đã trực Giao thừa hoặc Mùng 1 thì nhường người khác trong số năm đã đặt, tính cả Tết này: 2 là không trực "
        "hai Tết liền, 3 là ba năm nhiều nhất một lần, 1 là không xét."
    ),
    "rest.standby": _l(
        "Hai lượt trực tại nhà của một người nên cách nhau; ai bị gọi ra làm thì giờ đó là giờ làm việc và cần nghỉ bù."
    ),
    "wishes.off": _l("Tránh xếp vào ngày người đó xin nghỉ, theo mức độ của nguyện vọng."),
    "wishes.on": _l("Xếp vào ngày người đó xin trực, nếu có ca phù hợp."),
    "runs.isolated": _l("Tránh một ngày trực tại chỗ nằm giữa những ngày nghỉ."),
    "continuity.template": _l("Hai ngày liền trực tại chỗ thì nên cùng tên ca."),
    "change.least": _l("Khi xếp lại, mỗi ca thêm hoặc bớt so với lịch đã biết có giá."),
}

_PARAMETERS: dict[str, Any] = {
    "rest.between_shifts:minutes": _l("Thời gian nghỉ ít nhất"),
    "rest.between_shifts:standby_minutes": _l("Thời gian nghỉ khi cả hai lượt đều trực tại nhà"),
    "rest.standby:minutes": _l("Nên cách nhau ít nhất"),
    "work.ordinary:minutes": _l("Cách giờ làm việc thường ít nhất"),
    "rest.weekly:minutes": _l("Khoảng nghỉ liền ít nhất"),
    "hours.year:special": _l("Áp dụng chế độ 300 giờ một năm, cho cả mức của tháng"),
    "fairness.load:step": _l("Bậc điểm"),
    "peaks.repeat:giao_thua": _l("Giao thừa nhiều nhất một lần trong"),
    "peaks.repeat:mung_1": _l("Mùng 1 nhiều nhất một lần trong"),
    "least": _l("Ít nhất"),
    "most": _l("Nhiều nhất"),
}

_UNITS: dict[str, Any] = {
    "minutes": _l("phút"),
    "days": _l("ngày"),
    "shifts": _l("ca"),
    "nights": _l("đêm"),
    "weekends": _l("cuối tuần"),
    "points": _l("điểm"),
    "percent": _l("phần trăm"),
    "people": _l("người"),
    "years": _l("năm"),
    "flag": _l("có hoặc không"),
}


def rule_name(code: str) -> str:
    """The rule in a few words ("Nghỉ giữa hai ca"); its code when nobody wrote them."""
    return str(_NAMES.get(code, code))


def rule_explanation(code: str) -> str:
    """Return what the rule asks, in a sentence or two; empty when nobody wrote one."""
    return str(_EXPLANATIONS.get(code, ""))


def parameter_name(code: str, name: str) -> str:
    """A parameter of a rule ("Nhiều nhất"); its name when nobody wrote one."""
    return str(_PARAMETERS.get(f"{code}:{name}") or _PARAMETERS.get(name, name))


def unit_name(unit: str) -> str:
    """The unit of a parameter ("phút")."""
    return str(_UNITS.get(unit, unit))
