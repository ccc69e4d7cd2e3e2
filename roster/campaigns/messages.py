"""Sentences for the error codes of campaigns."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "campaign.cannot_close": _l("Chỉ kết thúc được đợt trực đã ban hành: %(name)s."),
    "campaign.cannot_delete": _l("Không xóa được đợt trực đã ban hành: %(name)s. Lịch đã ban hành được giữ lại."),
    "campaign.cannot_edit": _l("Đợt trực %(name)s đã kết thúc, không sửa được nữa."),
    "campaign.cannot_publish": _l("Đợt trực %(name)s đã kết thúc, không ban hành được nữa."),
    "campaign.cannot_solve": _l("Đợt trực %(name)s đã kết thúc, không phân công tự động được nữa."),
    "campaign.cannot_withdraw": _l("Đợt trực %(name)s không có bản nào đang có hiệu lực để thu hồi."),
    "campaign.date_range": _l("Ngày phải thuộc các năm từ %(first)s đến %(last)s."),
    "campaign.dates_reversed": _l("Ngày kết thúc phải từ ngày bắt đầu trở đi."),
    "campaign.draft_of_planners": _l(
        "Bản nháp chỉ dành cho người xếp lịch; hỏi với state=published để xem lịch đã ban hành."
    ),
    "campaign.name_missing": _l("Đặt tên cho đợt trực."),
    "campaign.no_demand": _l(
        "%(unit)s và các đơn vị trực thuộc chưa có nhu cầu trực cho các ngày này. Nhập nhu cầu trực trước."
    ),
    "campaign.not_over": _l("Đợt trực %(name)s chưa hết ca cuối, chưa kết thúc được."),
    "campaign.too_long": _l("Một đợt trực kéo dài tối đa %(days)s ngày."),
    "campaign.unknown": _l("Không có đợt trực này."),
    "campaign.year_range": _l("Năm Tết phải từ %(first)s đến %(last)s."),
    "duty.unknown_seat": _l("Không có chỗ trực số %(id)s."),
    "revision.unknown": _l("Không có bản ban hành này."),
    "seat.anothers": _l("Ca này nay là của %(name)s, không cần trả lời nữa."),
    "seat.empty": _l("Ca này hiện không có ai trong lịch đã ban hành."),
    "seat.over": _l("Ca này đã qua."),
    "shift.other_unit": _l(
        "Trong đó có ca của %(unit)s, ngoài các đơn vị mà đồng chí phụ trách. Đề nghị quản lý của đơn vị đó, "
        "hoặc của đơn vị lập đợt trực, cùng làm."
    ),
}
