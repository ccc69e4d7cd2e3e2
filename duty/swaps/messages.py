"""Sentences for the error codes of swaps."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "swap.breaks_rules": _l("Đổi như vậy thì vi phạm quy tắc. Chọn người khác hoặc ca khác."),
    "swap.chain_waits": _l("Chưa đủ hai người cùng nhận. Chờ người còn lại trả lời rồi duyệt một lần cho cả hai ca."),
    "swap.closed": _l("Đề nghị này đã kết thúc: %(ended)s."),
    "swap.decided": _l("Đề nghị này đã kết thúc: %(ended)s (%(by)s, %(at)s)."),
    "swap.for_seat": _l("Đổi ca thì cần cả người đổi và ca của người ấy."),
    "swap.how": _l("Ghi đã nghe bằng cách nào, ví dụ “gọi điện 19:40, anh Đức đề nghị”."),
    "swap.kind": _l("Chọn đổi ca, nhờ trực thay hoặc xin thôi ca."),
    "swap.lets_approval": _l(
        "Lịch của %(name)s do lãnh đạo duyệt: chỉ lãnh đạo ấy hoặc quản trị cho đổi ca mà không chờ duyệt."
    ),
    "swap.moves_nothing": _l("Đổi như vậy thì không ca nào đổi người. Chọn ca khác hoặc người khác."),
    "swap.needs_approval": _l(
        "Lịch của %(name)s do lãnh đạo duyệt: chờ lãnh đạo duyệt đề nghị này, hoặc sửa trong dự thảo rồi trình lại."
    ),
    "swap.no_person": _l("Cần nói thay cho ai (person)."),
    "swap.nobody": _l("Chưa có ai nhận được ca này mà không vi phạm quy tắc. Báo người quản lý để tìm cách khác."),
    "swap.not_asked": _l("Đề nghị này không hỏi %(name)s."),
    "swap.not_theirs": _l("Ca ấy nay không còn là của %(name)s. Chọn ca khác."),
    "swap.note_long": _l("Ghi chú không quá %(limit)s chữ."),
    "swap.open_already": _l("Ca này đang có một đề nghị chưa xong. Rút đề nghị ấy trước."),
    "swap.other_campaign": _l("Hai ca phải cùng một đợt trực."),
    "swap.part": _l("Phần nhờ trực thay phải nằm trong ca, dài ít nhất 30 phút và ngắn hơn cả ca."),
    "swap.part_of_swap": _l("Đổi ca thì đổi cả ca. Muốn nhờ một phần thì chọn nhờ trực thay."),
    "swap.reason": _l("Ghi lý do vẫn đổi."),
    "swap.too_late": _l("Ca này sắp bắt đầu hoặc đang trực: gọi điều hành để có người thay ngay."),
    "swap.unknown": _l("Không có đề nghị số %(id)s."),
    "swap.who": _l("Chọn trong những người đã nhận lời."),
    "swap.yes_gone": _l("%(name)s không còn nhận được ca này: lịch đã đổi."),
}
