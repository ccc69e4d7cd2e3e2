"""Sentences for the error codes of lists of units."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "lists.already_merged": _l("Danh sách này đã ghép vào dự thảo. Cần đổi thì liên hệ người xếp lịch."),
    "lists.closed": _l("Việc thu lịch trực đã đóng. Liên hệ người xếp lịch nếu còn cần nộp."),
    "lists.due": _l("Hạn nộp phải ở sau lúc này. Ghi ngày/tháng/năm giờ:phút, như 20/01/2027 17:00."),
    "lists.empty": _l("Chưa chọn ai. Chọn người cho ít nhất một lượt trực rồi gửi."),
    "lists.file": _l("Tệp %(name)s: %(why)s Chưa gửi gì: chọn lại ảnh rồi gửi."),
    "lists.files_at_once": _l("Mỗi lần gửi nhiều nhất %(most)s tệp; đã chọn %(n)s. Chia làm nhiều lần gửi."),
    "lists.many_files": _l("Danh sách này đã có %(most)s tệp: bỏ bớt ảnh cũ rồi gửi."),
    "lists.no_file": _l("Không có ảnh này, hoặc đã bỏ."),
    "lists.not_typed": _l("Đơn vị mới gửi ảnh bảng giấy: nhập theo ảnh rồi ghép."),
    "lists.pixels": _l(
        "Các ảnh gửi cùng lúc quá lớn: cả thảy nhiều nhất %(most)s triệu điểm ảnh. Chia làm nhiều lần gửi."
    ),
    "lists.too_large": _l(
        "Ảnh, tệp gửi lên quá lớn: cả thảy nhiều nhất 16 MB, mỗi tệp %(most)s MB. Chưa gửi gì: chụp ở cỡ nhỏ hơn, "
        "hoặc chia làm nhiều lần gửi."
    ),
    "lists.gone": _l("Đường dẫn này đã bị thu hồi. Đề nghị người xếp lịch gửi đường dẫn mới."),
    "lists.long": _l("Ngắn hơn: nhiều nhất %(limit)s ký tự."),
    "lists.over": _l("Việc thu lịch trực của đơn vị này đã kết thúc nên đường dẫn không mở nữa."),
    "lists.moved": _l("Đơn vị vừa gửi lại danh sách khác. Xem bản mới rồi ghép."),
    "lists.no_name": _l("Ghi họ tên người lập danh sách, để người xếp lịch biết hỏi ai."),
    "lists.no_remark": _l("Ghi cần sửa gì, để đơn vị biết."),
    "lists.no_units": _l("Chọn ít nhất một đơn vị có ca trong đợt trực này."),
    "lists.none": _l("Chưa mở thu lịch trực cho đợt này."),
    "lists.not_able": _l("%(who)s không trực được %(shift)s: chọn người khác."),
    "lists.not_sent": _l("Danh sách này đang không chờ duyệt: đơn vị chưa gửi, hoặc đã trả lại, đã ghép."),
    "lists.nobody": _l("“%(typed)s” không phải tên hay mã của một người trực được ca này: chọn người trong danh sách."),
    "lists.nothing_left": _l("Các ca mà đơn vị ghi tên không còn trong đợt trực: trả lại để đơn vị điền lại."),
    "lists.sent_meanwhile": _l(
        "%(who)s đã gửi danh sách sau khi đồng chí mở biểu này. Gửi lần nữa thì thay danh sách ấy; muốn xem trước thì "
        "mở lại đường dẫn."
    ),
    "lists.twice": _l("%(who)s được chọn hai lần trong một ca: %(shift)s. Chọn người khác cho một lượt."),
    "lists.unknown": _l("Đường dẫn không đúng. Kiểm tra lại địa chỉ trong tin."),
}
