"""Sentences for the error codes of campaigns, drafts, solving, publishing and of what rosters are made from."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "amend.not_of_the_day": _l("Theo ca trực chỉ sửa được ca của hôm nay và ngày mai. Ca khác do quản lý ban hành."),
    "amend.twice": _l("%(person)s sẽ có hai chỗ trong cùng một ca. Ban hành cả ca đó."),
    "amend.units_or_seats": _l("Ghi đơn vị (units) hoặc chỗ trực (seats) cần ban hành, một trong hai."),
    "campaign.cannot_close": _l("Chỉ kết thúc được đợt trực đã ban hành: %(name)s."),
    "campaign.cannot_delete": _l("Không xóa được đợt trực đã ban hành: %(name)s. Lịch đã ban hành được giữ lại."),
    "campaign.cannot_edit": _l("Đợt trực %(name)s đã kết thúc, không sửa được nữa."),
    "campaign.cannot_publish": _l("Đợt trực %(name)s đã kết thúc, không ban hành được nữa."),
    "campaign.cannot_solve": _l("Đợt trực %(name)s đã kết thúc, không phân công tự động được nữa."),
    "campaign.date_range": _l("Ngày phải thuộc các năm từ %(first)s đến %(last)s."),
    "campaign.dates_reversed": _l("Ngày kết thúc phải từ ngày bắt đầu trở đi."),
    "campaign.name_missing": _l("Đặt tên cho đợt trực."),
    "campaign.no_demand": _l(
        "%(unit)s và các đơn vị trực thuộc chưa có nhu cầu trực cho các ngày này. Nhập nhu cầu trực trước."
    ),
    "campaign.not_over": _l("Đợt trực %(name)s chưa hết ca cuối, chưa kết thúc được."),
    "campaign.too_long": _l("Một đợt trực kéo dài tối đa %(days)s ngày."),
    "campaign.unknown": _l("Không có đợt trực này."),
    "campaign.year_range": _l("Năm Tết phải từ %(first)s đến %(last)s."),
    "consent.answered": _l("Đã được trả lời rồi (%(name)s)."),
    "consent.expired": _l("Đã quá ba ngày: lời đề nghị này không còn hiệu lực."),
    "consent.unknown": _l("Không có lời đề nghị này."),
    "consent.withdrawn": _l("Người đề nghị đã rút lại: không cần trả lời nữa."),
    "cover.needs_consent": _l(
        "%(person)s thuộc đơn vị khác: xếp trong dự thảo để hỏi ý kiến, hoặc nhờ lãnh đạo đang trực đổi ngay."
    ),
    "cover.left": _l("%(person)s không còn làm việc ở đây."),
    "demand.duplicate": _l("Đã có nhu cầu trực này."),
    "demand.skill_number": _l("Cần %(number)s người có kỹ năng %(skill)s nhưng ca chỉ có %(people)s người."),
    "demand.skills": _l("Ghi kỹ năng và số người cần có, ví dụ có kinh nghiệm:1; lái xe:1."),
    "demand.unknown": _l("Không có nhu cầu trực này; có thể vừa được người khác xóa."),
    "draft.changed": _l("Dự thảo vừa được người khác sửa. Tải lại để xem bản mới nhất rồi sửa lại nếu còn cần."),
    "holiday.break_span": _l("Kỳ nghỉ Tết dài tối đa %(days)s ngày và kết thúc không trước ngày bắt đầu."),
    "pair.same": _l("Hai mã phải là hai người khác nhau."),
    "pair.unknown": _l("Không còn cặp người này."),
    "pattern.by_roster": _l("Chế độ chỉ theo ca trực không có giờ làm việc riêng. Thêm một chế độ khác."),
    "pattern.normal": _l(
        "Viết mỗi mức một dòng: từ ngày: giờ một ngày; giờ một tuần, ví dụ 01/01/2026: 8; 48. "
        "Nhiều nhất 12 giờ một ngày, 60 giờ một tuần."
    ),
    "pattern.hours": _l("Ghi các khoảng giờ trong ngày, không chồng nhau, dạng 07:30-11:30, 13:00-17:00."),
    "points.range": _l("Ghi số từ 0 đến %(most)s."),
    "points.set_form": _l("Viết dạng hệ số=số, ví dụ night=1.75."),
    "points.unknown_factor": _l("Bảng điểm không có hệ số %(factor)s."),
    "points.wrong": _l("Chưa lưu bảng điểm: còn số chưa đúng."),
    "publish.blocked": _l(
        "Chưa ban hành được: %(gaps)s khoảng chưa bảo đảm trực và %(violations)s vi phạm chưa có lý do. "
        "Sửa dự thảo, hoặc ghi lý do chấp nhận."
    ),
    "publish.nothing_changed": _l("Dự thảo không khác bản số %(revision)s đã ban hành."),
    "redo.changed": _l("Không làm lại được: ca sau đã được người khác hoặc máy đổi từ đó: %(shift)s."),
    "redo.nothing": _l("Không có thay đổi nào của bạn vừa hoàn tác để làm lại."),
    "revision.unknown": _l("Không có bản ban hành này."),
    "rules.fixed_hard": _l("Quy tắc này luôn bắt buộc, không chuyển thành mềm được."),
    "rules.fixed_soft": _l("Quy tắc này chỉ để cân nhắc, không chuyển thành bắt buộc được."),
    "rules.locked": _l("Quy tắc này không tắt được."),
    "rules.no_pairs": _l("Quy tắc này không xét từng cặp ca."),
    "rules.no_weight": _l("Quy tắc này không có giá để đặt."),
    "rules.not_number": _l("Ghi một số, ví dụ 12 hoặc 7,5."),
    "rules.pair_form": _l("Mỗi dòng một cặp tên ca, dạng Đêm > Sáng."),
    "rules.set_form": _l("Viết dạng mã.tên=giá trị, ví dụ rest.between_shifts.minutes=600 hoặc hours.day.on=no."),
    "rules.too_many_pairs": _l("Nhiều nhất %(most)s cặp ca."),
    "rules.unknown": _l("Không có quy tắc %(code)s."),
    "rules.unknown_parameter": _l("Quy tắc này không có mức %(name)s."),
    "rules.unknown_shift": _l("Đợt trực không có ca tên %(shift)s. Các ca: %(known)s."),
    "rules.value_range": _l("Ghi số từ %(low)s đến %(high)s."),
    "rules.weight_range": _l("Ghi số điểm từ 0 đến %(most)s."),
    "rules.wrong": _l("Chưa lưu quy tắc: còn chỗ chưa đúng."),
    "shift.breaks_rules": _l("Phân công này vi phạm quy định. Chọn người khác, hoặc ghi lý do."),
    "shift.full": _l("Không ca nào cần giải thích: ca được hỏi đã đủ người."),
    "shift.not_on_it": _l("%(person)s không ở trong ca này; có thể dự thảo vừa được người khác sửa."),
    "seat.unknown": _l("Không có chỗ trực số %(id)s trong đợt trực này."),
    "demand.stands": _l(
        "Đợt trực đã ban hành: nhu cầu đã ký không giảm được nữa. Ban hành với lý do cho chỗ còn trống."
    ),
    "shift.past": _l("Ca trực này đã qua và đã ban hành, không sửa được nữa."),
    "shift.too_many": _l("Ca này cần %(required)s người, đã chọn %(given)s người."),
    "shift.wrong_moves": _l("Việc thay người phải bắt đầu từ chính ca này."),
    "shift.unknown": _l("Không có ca trực này."),
    "explain.remedy_gone": _l(
        "Dự thảo đã khác lúc tính cách này, hoặc chưa chọn cách nào. Xem lại các cách trên trang này rồi chọn."
    ),
    "explain.busy": _l("Máy đang chứng minh cho người khác. Hỏi lại sau ít giây."),
    "solve.no_certificate": _l("Lần phân công này không có chứng nhận: chưa xong, đã dừng, hoặc do bản cũ thực hiện."),
    "solve.already_running": _l("Đợt trực này đang được phân công tự động. Chờ xong, hoặc hủy lần đang chạy."),
    "pins.none_in_doubt": _l("Không còn ô đã ghim nào giữ người vắng hoặc không chắc. Tải lại để xem bản mới nhất."),
    "solve.offer_gone": _l(
        "Dự thảo, người hoặc quy tắc đã khác lúc máy tìm ra cách này. Xếp lại, thay đổi ít nhất, để có cách mới."
    ),
    "solve_run.unknown": _l("Không có lần phân công tự động này."),
    "undo.changed": _l("Không hoàn tác được: ca sau đã được người khác hoặc máy đổi từ đó: %(shift)s."),
    "undo.nothing": _l("Từ lần ban hành gần nhất bạn không còn thay đổi nào để hoàn tác."),
}
