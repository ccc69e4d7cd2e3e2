"""Sentences for the error codes of incidents."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "incident.unknown": _l("Không có sự cố này."),
    "incident.title_missing": _l("Ghi ngắn gọn việc gì đang xảy ra."),
    "incident.title_long": _l("Tiêu đề dài nhất %(most)s ký tự."),
    "incident.dedup_key": _l("Khóa chống ghi trùng không được bắt đầu bằng “rehearsal/số/” hay “intake/số/”."),
    "incident.note_missing": _l("Ghi nội dung cần lưu vào diễn biến."),
    "incident.already_acknowledged": _l("%(incident)s đã có %(by)s nhận lúc %(at)s."),
    "incident.already_resolved": _l("%(incident)s đã được %(by)s báo xử lý xong lúc %(at)s."),
    "incident.already_closed": _l("%(incident)s đã được %(by)s đóng lúc %(at)s."),
    "incident.already_open": _l("%(incident)s đang mở từ %(at)s."),
    "incident.not_resolved": _l("Sự cố chưa được báo xử lý xong nên chưa đóng được."),
    "incident.still_open": _l("Sự cố đang mở, không cần mở lại."),
    "incident.reported_anew": _l("Việc này đã được báo thành một sự cố khác đang mở; xử lý ở sự cố đó."),
    "incident.rehearsal_over": _l("Buổi diễn tập đã kết thúc nên không mở lại được sự cố thử."),
    "incident.not_called": _l("Hệ thống chưa gọi người này cho sự cố, nên không có gì để chuyển."),
    "incident.no_rehearsal": _l("Đơn vị này không có buổi diễn tập nào đang chạy."),
    "incident.unknown_action": _l("Không có thao tác này."),
    "incident.outcome": _l("Chọn kết quả cuộc gọi."),
    "incident.secret": _l(
        "Bỏ “%(words)s”: về bưu gửi của cơ quan Đảng, Nhà nước, KT1 chỉ ghi mã số và loại dịch vụ, "
        "không ghi nội dung, người gửi, người nhận, độ mật."
    ),
    "incident.restrict_reason": _l("Ghi lý do hạn chế hoặc bỏ hạn chế xem."),
    "incident.restricted_by_law": _l("Sự cố theo Điều 7 Luật Bưu chính luôn hạn chế xem."),
    "incident.restrict_self": _l(
        "Hạn chế xem thì chính đồng chí không còn xem được sự cố này: "
        "đề nghị lãnh đạo trực hoặc quản lý đơn vị thực hiện."
    ),
    "incident.answer": _l("Chọn một câu trả lời có sẵn."),
    "incident.question": _l("Không có câu hỏi “%(question)s”."),
    "incident.leadership_told": _l("Lãnh đạo đã được báo lúc %(at)s."),
    "incident.told_whom": _l("Ghi đã báo cho ai."),
    "incident.check_unknown": _l("Danh mục việc của loại sự cố này không có việc đó."),
    "directory.code": _l("Mã gồm chữ không dấu, số, dấu chấm, gạch; không quá 40 ký tự."),
    "directory.plate": _l("Ghi biển số, ví dụ 81C-123.45."),
    "directory.no_route": _l("Không có đường thư “%(route)s”."),
    "directory.no_authority": _l("Không có cơ quan này trong danh bạ."),
    "directory.phone": _l("Ghi số điện thoại ở Việt Nam."),
    "directory.period": _l("Ngày hết hiệu lực phải sau ngày bắt đầu."),
    "directory.missing": _l("Cần điền mục này."),
    "directory.long": _l("Không quá %(most)s ký tự."),
    "directory.choice": _l("Chọn một trong các mục có sẵn."),
    "directory.day": _l("Ghi ngày hợp lệ."),
    "fact.unknown": _l("Loại sự cố này không có mục đó."),
    "fact.text": _l("Ghi bằng chữ."),
    "fact.long": _l("Không quá 500 ký tự."),
    "fact.number": _l("Ghi một số từ 0 trở lên."),
    "fact.time": _l("Ghi ngày giờ hợp lệ, cách hôm nay không quá một năm."),
    "fact.yesno": _l("Chọn có hoặc không."),
    "fact.choice": _l("Chọn một trong các mục có sẵn."),
    "incident.busy": _l("Đang có nhiều sự cố được ghi cùng lúc. Gửi lại sau vài giây."),
    "category.unknown": _l("Không có loại sự cố “%(category)s”."),
    "duty.unknown": _l("Không có loại trực “%(duty)s”."),
    "policy.missing": _l("Chưa có quy trình gọi mặc định."),
    "policy.one_target": _l("Mỗi bước chọn một loại trực hoặc một người."),
    "policy.steps": _l("Quy trình cần từ 1 đến %(most)s bước."),
    "policy.wait": _l("Thời gian chờ từ %(least)s đến %(most)s giây."),
    "intake.unknown": _l("Không có nguồn báo này."),
    "intake.name": _l("Đặt tên cho nguồn báo, không quá %(most)s ký tự."),
    "intake.kind": _l("Chọn loại nguồn báo."),
    "intake.rhythm": _l("Ghi giờ phải báo hằng ngày, hoặc số phút được im lặng lâu nhất; chỉ một trong hai."),
    "intake.no_rhythm": _l("Chỉ nguồn báo định kỳ mới có giờ phải báo."),
    "intake.time": _l("Ghi giờ như 08:00."),
    "intake.minutes": _l("Số phút từ 1 đến %(most)s."),
    "intake.too_many": _l("Nguồn này gửi quá %(most)s tin một phút. Gửi lại sau."),
    "link.expired": _l("Đường dẫn đã hết hiệu lực. Đăng nhập để xem sự cố, hoặc gọi điều hành."),
    "link.unknown": _l("Đường dẫn không đúng hoặc đã bị thu hồi."),
    "person.choose": _l("Chọn người."),
}
