"""Sentences for the error codes of duty, by code."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "answer.changed": _l("Việc này đã đổi hoặc không còn chờ trả lời."),
    "answer.yes_only": _l("Việc này không từ chối được bằng cách này: đề nghị gọi đơn vị."),
    "check.all_units": _l("Không kiểm tra tất cả đơn vị cùng lúc: chọn nhiều nhất %(most)s đơn vị."),
    "check.closed": _l("Đợt kiểm tra này đã kết thúc."),
    "check.how": _l("Ghi đã nghe bằng cách nào, ví dụ “gọi điện 23:38, anh Đức trả lời”."),
    "check.minutes": _l("Thời gian trả lời từ %(least)s đến %(most)s phút."),
    "check.no_unit": _l("Chọn ít nhất một đơn vị."),
    "check.nobody": _l("Lúc này không có ai trực theo lịch đã ban hành ở %(names)s."),
    "check.not_asked": _l("Người này không được hỏi trong đợt kiểm tra này."),
    "check.not_on_duty": _l("Lúc này không trực ở đơn vị đã chọn: %(names)s."),
    "check.note_long": _l("Ghi chú không quá %(most)s chữ."),
    "check.rehearsal_over": _l("Buổi diễn tập đã kết thúc."),
    "check.running": _l("%(name)s đang được kiểm tra: chờ đợt đó kết thúc."),
    "check.second_yes": _l("Từ 23:00 đến 01:00 chỉ kiểm tra khi thật cần: đánh dấu xác nhận rồi gửi lại."),
    "check.unknown": _l("Không có đợt kiểm tra này."),
    "duty.unknown": _l("Không có loại trực %(duty)s."),
    "hours.changed": _l("Giờ trực vừa đổi sau khi trang này được mở. Xem lại các con số rồi chốt."),
    "hours.closed": _l("%(name)s đã chốt lúc %(time)s (lần %(number)s), từ đó chưa có gì đổi."),
    "hours.long_reason": _l("Lý do không quá %(limit)s chữ."),
    "hours.not_over": _l("Còn ca đến %(time)s mới hết. Chốt sau giờ đó, hoặc chọn tháng đã qua."),
    "hours.nothing": _l("Chưa có giờ trực nào để chốt ở đơn vị và khoảng thời gian này."),
    "hours.reason": _l("Đã chốt trước đó: nêu lý do chốt lại, ví dụ “bổ sung ca trực thay của anh Nam”."),
    "hours.unknown_closing": _l("Không có lần chốt công số %(id)s."),
    "illness.changed": _l("%(name)s không còn nhận được ca này. Xem lại danh sách và chọn lại."),
    "illness.may_not_decide": _l("Đồng chí hỏi được người thay, nhưng ca này do người quản lý quyết định."),
    "illness.nobody": _l("Chọn ít nhất một ca để hỏi người thay."),
    "me.unknown_answer": _l("Trang này không có nút đó. Tải lại trang rồi thử lại."),
    "nobody_reachable": _l("Chưa có người nào đang làm việc trong hệ thống. Nhập danh sách nhân sự trước."),
    "overtime.changed": _l("Ca hoặc số giờ làm thêm vừa đổi: xem lại rồi trả lời."),
    "overtime.how": _l("Ghi đã nghe bằng cách nào, ví dụ “gọi điện 19:40”, hoặc số văn bản đã ký."),
    "overtime.none": _l("Ca này không có giờ làm thêm, không cần đồng ý."),
    "overtime.note_long": _l("Ghi chú không quá %(limit)s chữ."),
    "overtime.nothing_chosen": _l("Chọn ít nhất một ca đã ký trên giấy."),
    "presence.changed": _l("Lịch vừa đổi: ca này không còn là của người đó. Xem lại danh sách."),
    "presence.early": _l("Chưa tới giờ: ghi được từ %(first)s."),
    "presence.how": _l("Ghi đã biết bằng cách nào, ví dụ “gặp ở bàn trực 21:50” hoặc “gọi điện 21:40”."),
    "presence.left_first": _l("Giờ rời ca phải sau giờ có mặt (%(first)s)."),
    "presence.none_now": _l(
        "Lúc này đồng chí không có ca nào để ghi: điểm danh được từ 60 phút trước giờ vào ca tới hết ca. "
        "Xem giờ ở Ca của tôi."
    ),
    "presence.not_asked": _l("Ca này không cần điểm danh hay báo sẵn sàng."),
    "presence.not_here": _l("Chưa ghi có mặt ở ca này nên chưa ghi rời ca được: ghi có mặt trước."),
    "presence.note_long": _l("Ghi chú không quá %(limit)s chữ."),
    "presence.nothing": _l("Chưa chọn ai: đánh dấu người có mặt rồi ghi."),
    "presence.outside": _l("Giờ này nằm ngoài ca: chọn giờ từ %(first)s đến %(last)s."),
    "presence.over": _l("Ca này đã qua. Người quản lý sửa giờ được, có ghi lý do."),
    "presence.reason": _l("Ghi lý do sửa giờ."),
    "presence.refused": _l(
        "%(name)s đã báo không trực được ca này. Nếu trực được thì xác nhận lại ca trước, rồi báo sẵn sàng."
    ),
    "presence.time": _l("Ghi ngày giờ, ví dụ 24/01/2020 21:50."),
    "presence.to_come": _l("Giờ ghi không thể sau lúc này."),
    "presence.unknown": _l("Chưa ghi gì ở đây để bỏ."),
    "rehearsal.empty_draft": _l("Dự thảo chưa phân công ai. Phân công trước, hoặc diễn tập theo bản đã ban hành."),
    "rehearsal.minutes": _l("Một buổi diễn tập kéo dài từ 1 đến %(longest)s phút."),
    "rehearsal.not_published": _l("Đợt trực chưa ban hành lần nào. Ban hành trước, hoặc diễn tập theo dự thảo."),
    "rehearsal.outside": _l("Thời điểm này nằm ngoài đợt trực. Chọn một thời điểm từ ca đầu tiên đến ca cuối cùng."),
    "rehearsal.running": _l("Đợt trực này đang có một buổi diễn tập. Kết thúc buổi đó trước khi bắt đầu buổi mới."),
    "rehearsal.source": _l("Chọn diễn tập theo dự thảo hoặc theo bản đã ban hành."),
    "rehearsal.step_seconds": _l("Thời gian chờ mỗi bước từ %(least)s đến %(most)s giây."),
    "rehearsal.unknown": _l("Không có buổi diễn tập này."),
    "rehearsal.when": _l("Cần ngày và giờ, ví dụ 25/01/2020 02:10."),
    "reply.settled": _l("Tin này đã được xử lý."),
    "reply.unknown": _l("Không có tin này."),
    "request.absent_already": _l("Đồng chí đã báo vắng đúng những ngày này với lý do này."),
    "request.answered": _l(
        "Khoảng nghỉ này đã được chấp nhận. Đề nghị rút ở “Ca của tôi”, mục “Báo vắng, nguyện vọng”."
    ),
    "request.changed": _l("Đề nghị này vừa đổi: xem lại rồi chọn lại."),
    "request.day": _l("Ngày cần viết ngày/tháng/năm, ví dụ 05/02/2027."),
    "request.note_long": _l("Lý do không quá %(limit)s chữ."),
    "request.nothing": _l("Chọn ít nhất một đề nghị."),
    "request.own": _l("Không ai tự trả lời đề nghị của mình: nhờ người quản lý khác."),
    "request.past": _l("Ngày này đã qua."),
    "request.serves_already": _l("Ngày này đồng chí đã có ca trong lịch ban hành, không cần xin trực."),
    "request.want": _l("Chọn xin nghỉ hoặc xin trực."),
    "request.why": _l("Ghi lý do, hoặc điều cần hỏi, để người đề nghị hiểu."),
    "request.wish_published": _l(
        "Ngày này đồng chí đã có ca trong lịch ban hành: nguyện vọng không đổi được lịch ấy, "
        "muốn đổi thì dùng “Đổi ca”."
    ),
    "request.wish_while_away": _l("Ngày này đồng chí đã báo vắng: rút báo vắng trước rồi mới xin trực."),
    "request.wished_already": _l("Đồng chí đã gửi nguyện vọng này."),
    "share.days": _l("Chọn 1, 3 hoặc 7 ngày."),
    "share.gone": _l("Đường dẫn này đã hết hạn hoặc đã bị thu hồi."),
    "share.has_maker": _l("Đường dẫn này vẫn do %(person)s chịu trách nhiệm."),
    "share.unknown": _l("Đường dẫn không đúng. Kiểm tra lại địa chỉ trong tin."),
    "stand_in.from": _l("Giờ bắt đầu trực thay phải trong ca và không sau bây giờ: từ %(first)s đến %(last)s."),
    "stand_in.holder": _l("%(name)s chính là người giữ ca này. Chọn người khác."),
    "stand_in.none": _l("Ca này chưa ghi ai trực thay."),
    "stand_in.not_missed": _l("Ca này không ai vắng mặt: chỉ ghi trực thay cho ca đã gọi vì chưa có mặt."),
    "stand_in.until": _l("Giờ thôi trực thay phải sau giờ bắt đầu và không sau %(last)s."),
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
    "unit.none": _l("Chưa có đơn vị nào. Nhập danh sách đơn vị trước."),
    "ways_in.sign_in": _l(
        "Thiết bị, phiên đăng nhập, khóa API, phiếu mời và mã PIN chỉ bỏ được khi đã đăng nhập: đăng nhập rồi mở trang "
        "“Ca của tôi”."
    ),
}
