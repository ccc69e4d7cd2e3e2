"""Sentences for the error codes of the roster, by code."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "amend.before_first": _l(
        "Bản đầu của đợt trực do %(unit)s ban hành; sau đó đơn vị mới ban hành được phần của mình."
    ),
    "amend.not_of_the_day": _l("Theo ca trực chỉ sửa được ca của hôm nay và ngày mai. Ca khác do quản lý ban hành."),
    "amend.running": _l(
        "%(what)s đã bắt đầu, %(who)s đang trực: ban hành cả lịch không viết lại phần đã trực. Ban hành từng phần "
        "với người ấy trước (chỉ phần còn lại đổi người), hoặc trả người ấy về ca trong dự thảo."
    ),
    "amend.running_empty": _l(
        "%(what)s đã bắt đầu mà chưa có ai trực: ban hành cả lịch sẽ tính người mới từ đầu ca. Ban hành từng phần với "
        "người ấy trước (chỉ tính từ lúc này); ai đã trực từ đầu ca thì ghi bổ sung sau khi ca kết thúc."
    ),
    "amend.twice": _l("%(person)s sẽ có hai chỗ trong cùng một ca. Ban hành cả ca đó."),
    "amend.units_or_seats": _l("Chọn người (people), đơn vị (units) hoặc chỗ trực (seats) cần ban hành, một trong ba."),
    "approval.already": _l("Đúng dự thảo này đã trình %(who)s."),
    "approval.answered": _l("Đề nghị ký này đã được trả lời."),
    "approval.approver": _l("Chọn một lãnh đạo của đơn vị hoặc của cấp trên."),
    "approval.changed": _l("Dự thảo đã sửa sau khi trình %(who)s. Trình ký lại."),
    "approval.long": _l("Không quá %(limit)s chữ."),
    "approval.needed": _l("Đợt trực %(name)s cần lãnh đạo duyệt trước khi ban hành. Trình ký trước."),
    "approval.no_pin": _l(
        "Đồng chí chưa có mã PIN. Đăng nhập, mở Tài khoản, đặt mã PIN rồi ký lại; "
        "hoặc ký ở trang Ca của tôi sau khi đăng nhập."
    ),
    "approval.none": _l("Không có dự thảo nào đang chờ ký."),
    "approval.not_yours": _l(
        "Chỉ %(who)s, người được trình, mới trả lời được, và không trả lời ở máy bàn trực dùng chung."
    ),
    "approval.off": _l("Đợt trực %(name)s không cần trình ký: ban hành được ngay."),
    "approval.oneself": _l("Người trình không tự duyệt. Chọn lãnh đạo khác."),
    "approval.part": _l("Đợt trực %(name)s cần lãnh đạo duyệt: trình ký cả dự thảo, không ban hành riêng một phần."),
    "approval.pin": _l("Mã PIN không đúng."),
    "approval.reason": _l("Ghi lý do trả lại, để người trình biết cần sửa gì."),
    "approval.replaced": _l("Một dự thảo khác đã được trình thay. Xem lại rồi ký."),
    "approval.returned": _l("%(who)s đã trả lại: %(reason)s. Sửa rồi trình ký lại."),
    "approval.throttled": _l("Sai mã PIN quá nhiều lần. Thử lại sau %(retry_after)s giây."),
    "approval.waiting": _l("Đang chờ %(who)s ký, chưa ban hành được."),
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
    "confirmation.changed": _l("Lịch vừa đổi: xem lại các ca rồi trả lời."),
    "confirmation.how": _l("Ghi đã nghe bằng cách nào, ví dụ “gọi điện 19:40, chị Lan nhận lời”."),
    "confirmation.note_long": _l("Ghi chú không quá %(limit)s chữ."),
    "confirmation.to_come": _l("Thời điểm trả lời không thể sau lúc này."),
    "consent.answered": _l("Đã được trả lời rồi (%(name)s)."),
    "consent.expired": _l("Đã quá ba ngày: lời đề nghị này không còn hiệu lực."),
    "consent.note_long": _l("Ghi chú không quá %(limit)s chữ."),
    "consent.unknown": _l("Không có lời đề nghị này."),
    "consent.withdrawn": _l("Người đề nghị đã rút lại: không cần trả lời nữa."),
    "cover.left": _l("%(person)s không còn làm việc ở đây."),
    "cover.needs_consent": _l(
        "%(person)s thuộc đơn vị khác: xếp trong dự thảo để hỏi ý kiến, hoặc nhờ lãnh đạo đang trực đổi ngay."
    ),
    "crew.changed": _l("Kíp này vừa được người khác sửa. Xem lại rồi sửa lại nếu còn cần."),
    "crew.name_blank": _l("Đặt tên cho kíp, ví dụ: Kíp 1."),
    "crew.name_taken": _l("%(unit)s đã có kíp tên %(name)s. Đặt tên khác."),
    "crew.number": _l("“%(value)s” không phải số thứ tự. Ghi 1, 2, 3… bên cạnh tên, hoặc để trống."),
    "crew.too_many": _l("Một kíp có nhiều nhất %(most)s người; đã chọn %(n)s."),
    "crew.twice": _l("%(person)s được ghi hai lần trong kíp này. Ghi một lần, với mọi loại trực của người ấy."),
    "crew.unknown": _l("Không có kíp này: có thể vừa bị xóa."),
    "crews.misfit": _l("Chưa ghi gì: %(n)s ô không xếp được như đã gõ."),
    "crews.nobody": _l("Chưa ghi gì: không ai trong kíp vào được ca này."),
    "demand.people": _l("Ghi số người từ 0 đến %(most)s; 0 hoặc để trống là giai đoạn này không có ca."),
    "demand.skill_number": _l("Cần %(number)s người có kỹ năng %(skill)s nhưng ca chỉ có %(people)s người."),
    "demand.skills": _l("Ghi kỹ năng và số người cần có, ví dụ có kinh nghiệm:1; lái xe:1."),
    "demand.stands": _l(
        "Đợt trực đã ban hành: nhu cầu đã ký không giảm được nữa. Ban hành với lý do cho chỗ còn trống."
    ),
    "demand.unknown": _l("Không có nhu cầu trực này; có thể vừa được người khác xóa."),
    "difference.side": _l("Ghi số của một bản đã ban hành, hoặc “draft” cho dự thảo."),
    "draft.changed": _l("Dự thảo vừa được người khác sửa. Tải lại để xem bản mới nhất rồi sửa lại nếu còn cần."),
    "duty.unknown_seat": _l("Không có chỗ trực số %(id)s."),
    "edits.same_seat": _l("Chưa ghi gì: một chỗ trực được nêu hai lần trong cùng một lần sửa."),
    "edits.too_many": _l("Chưa ghi gì: một lần sửa được nhiều nhất %(most)s ô, đây là %(n)s ô. Làm từng phần."),
    "edits.unreadable": _l("Chưa ghi gì: không đọc được %(where)s: %(why)s."),
    "explain.busy": _l("Máy đang chứng minh cho người khác. Hỏi lại sau ít giây."),
    "explain.remedy_gone": _l(
        "Dự thảo đã khác lúc tính cách này, hoặc chưa chọn cách nào. Xem lại các cách trên trang này rồi chọn."
    ),
    "feed.choose": _l("Chọn một mục trong danh sách."),
    "feed.language": _l("Chọn ngôn ngữ: vi hoặc en."),
    "feed.phones_by_owner": _l("Chỉ người tạo địa chỉ lịch này mới bật được số điện thoại trong lịch."),
    "feed.revoked": _l("Địa chỉ lịch này đã bị thu hồi hoặc đã được thay. Mở trang Ca của tôi để lấy địa chỉ mới."),
    "feed.unknown": _l("Không có địa chỉ lịch này. Kiểm tra lại địa chỉ, hoặc mở trang Ca của tôi để lấy địa chỉ."),
    "holiday.break_span": _l("Kỳ nghỉ Tết dài tối đa %(days)s ngày và kết thúc không trước ngày bắt đầu."),
    "holiday.break_without_tet": _l("Kỳ nghỉ Tết năm %(year)s phải có Mùng 1 của năm ấy. Xem lại ngày và năm."),
    "ledger.below_zero": _l("Sau điều chỉnh, Tết %(year)s của người này còn dưới 0: kiểm tra lại số điều chỉnh."),
    "ledger.nothing": _l("Ghi ít nhất một số khác 0 để điều chỉnh."),
    "ledger.number": _l("Ghi một số, ví dụ 12,5 hoặc −3."),
    "ledger.own": _l("Không tự điều chỉnh sổ của mình: đề nghị người quản lý khác."),
    "ledger.reason": _l("Ghi lý do điều chỉnh, không quá %(limit)s chữ."),
    "ledger.too_much": _l("Số điều chỉnh quá lớn: nhiều nhất %(most)s."),
    "ledger.year": _l("Năm Tết từ %(first)s đến %(last)s."),
    "lists.already_merged": _l("Danh sách này đã ghép vào dự thảo. Cần đổi thì liên hệ người xếp lịch."),
    "lists.closed": _l("Việc thu lịch trực đã đóng. Liên hệ người xếp lịch nếu còn cần nộp."),
    "lists.due": _l("Hạn nộp phải ở sau lúc này. Ghi ngày/tháng/năm giờ:phút, như 20/01/2027 17:00."),
    "lists.empty": _l("Chưa chọn ai. Chọn người cho ít nhất một lượt trực rồi gửi."),
    "lists.file": _l("Tệp %(name)s: %(why)s Chưa gửi gì: chọn lại ảnh rồi gửi."),
    "lists.files_at_once": _l("Mỗi lần gửi nhiều nhất %(most)s tệp; đã chọn %(n)s. Chia làm nhiều lần gửi."),
    "lists.gone": _l("Đường dẫn này đã bị thu hồi. Đề nghị người xếp lịch gửi đường dẫn mới."),
    "lists.long": _l("Ngắn hơn: nhiều nhất %(limit)s ký tự."),
    "lists.many_files": _l("Danh sách này đã có %(most)s tệp: bỏ bớt ảnh cũ rồi gửi."),
    "lists.moved": _l("Đơn vị vừa gửi lại danh sách khác. Xem bản mới rồi ghép."),
    "lists.no_file": _l("Không có ảnh này, hoặc đã bỏ."),
    "lists.no_name": _l("Ghi họ tên người lập danh sách, để người xếp lịch biết hỏi ai."),
    "lists.no_remark": _l("Ghi cần sửa gì, để đơn vị biết."),
    "lists.no_units": _l("Chọn ít nhất một đơn vị có ca trong đợt trực này."),
    "lists.nobody": _l("“%(typed)s” không phải tên hay mã của một người trực được ca này: chọn người trong danh sách."),
    "lists.none": _l("Chưa mở thu lịch trực cho đợt này."),
    "lists.not_able": _l("%(who)s không trực được %(shift)s: chọn người khác."),
    "lists.not_sent": _l("Danh sách này đang không chờ duyệt: đơn vị chưa gửi, hoặc đã trả lại, đã ghép."),
    "lists.not_typed": _l("Đơn vị mới gửi ảnh bảng giấy: nhập theo ảnh rồi ghép."),
    "lists.nothing_left": _l("Các ca mà đơn vị ghi tên không còn trong đợt trực: trả lại để đơn vị điền lại."),
    "lists.over": _l("Việc thu lịch trực của đơn vị này đã kết thúc nên đường dẫn không mở nữa."),
    "lists.pixels": _l(
        "Các ảnh gửi cùng lúc quá lớn: cả thảy nhiều nhất %(most)s triệu điểm ảnh. Chia làm nhiều lần gửi."
    ),
    "lists.sent_meanwhile": _l(
        "%(who)s đã gửi danh sách sau khi đồng chí mở biểu này. Gửi lần nữa thì thay danh sách ấy; muốn xem trước thì "
        "mở lại đường dẫn."
    ),
    "lists.too_large": _l(
        "Ảnh, tệp gửi lên quá lớn: cả thảy nhiều nhất 16 MB, mỗi tệp %(most)s MB. Chưa gửi gì: chụp ở cỡ nhỏ hơn, "
        "hoặc chia làm nhiều lần gửi."
    ),
    "lists.twice": _l("%(who)s được chọn hai lần trong một ca: %(shift)s. Chọn người khác cho một lượt."),
    "lists.unknown": _l("Đường dẫn không đúng. Kiểm tra lại địa chỉ trong tin."),
    "pair.same": _l("Hai mã phải là hai người khác nhau."),
    "pair.unknown": _l("Không còn cặp người này."),
    "paper.date": _l("Ghi ngày ký như 05/02/2027."),
    "paper.has_date": _l("Bản này đã ghi ngày ký %(date)s."),
    "paper.has_number": _l("Bản này đã ghi số %(number)s."),
    "paper.many": _l("Mỗi bản nhận nhiều nhất %(most)s tệp đã ký."),
    "paper.none": _l("Bản ghi bổ sung không có văn bản riêng (số, ngày ký, bản ký)."),
    "paper.nothing": _l("Ghi số văn bản hoặc ngày ký."),
    "paper.number_long": _l("Số văn bản không quá %(limit)s chữ."),
    "paper.numbers": _l("Bản ký có thể có số điện thoại của mọi người: hỏi người ban hành."),
    "paper.to_come": _l("Ngày ký không thể sau hôm nay."),
    "paper.unknown": _l("Bản này không có tệp đã ký ấy."),
    "papers.long": _l(
        "Trình bày theo ngày nhận nhiều nhất %(most)s ca, ở đây có %(n)s ca: chọn từng đơn vị, hoặc trình bày theo "
        "người × ngày."
    ),
    "part.changed": _l("%(who)s vừa đổi phần này: %(what)s. Xem lại rồi ban hành nếu vẫn đúng."),
    "part.nobody": _l("Chọn ít nhất một người để ban hành."),
    "pattern.by_roster": _l("Chế độ chỉ theo ca trực không có giờ làm việc riêng. Thêm một chế độ khác."),
    "pattern.hours": _l("Ghi các khoảng giờ trong ngày, không chồng nhau, dạng 07:30-11:30, 13:00-17:00."),
    "pattern.normal": _l(
        "Viết mỗi mức một dòng: từ ngày: giờ một ngày; giờ một tuần, ví dụ 01/01/2026: 8; 48. "
        "Nhiều nhất 12 giờ một ngày, 60 giờ một tuần."
    ),
    "pattern_of.first": _l("Người bắt đầu (%(person)s) không có trong những người đã chọn."),
    "pattern_of.moved": _l("Chưa ghi gì: dự thảo đã khác bản xem trước. Xem lại rồi áp dụng."),
    "pattern_of.no_duty": _l("%(unit)s không có ca %(duty)s trong đợt này. Chọn loại trực khác."),
    "pattern_of.no_shifts": _l("%(unit)s không có ca nào trong đợt này. Nhập nhu cầu trực của đơn vị trước."),
    "pattern_of.nobody": _l("Chọn ít nhất một người: ghi số thứ tự bên cạnh tên."),
    "pattern_of.number": _l(
        "Ô bên cạnh %(person)s ghi “%(value)s”: ghi số thứ tự từ 1 đến 999, hoặc để trống nếu không tham gia."
    ),
    "pattern_of.one_leader": _l("Giám đốc cả đợt là một người; đã chọn %(n)s người."),
    "pattern_of.too_many": _l("Xoay vòng được nhiều nhất %(most)s người; đã chọn %(n)s."),
    "pins.none_in_doubt": _l("Không còn ô đã ghim nào giữ người vắng hoặc không chắc. Tải lại để xem bản mới nhất."),
    "points.range": _l("Ghi số từ 0 đến %(most)s."),
    "points.set_form": _l("Viết dạng hệ số=số, ví dụ night=1.75."),
    "points.unknown_factor": _l("Bảng điểm không có hệ số %(factor)s."),
    "points.wrong": _l("Chưa lưu bảng điểm: còn số chưa đúng."),
    "publish.blocked": _l(
        "Chưa ban hành được: %(gaps)s khoảng chưa bảo đảm trực và %(violations)s vi phạm chưa có lý do. "
        "Sửa dự thảo, hoặc ghi lý do chấp nhận."
    ),
    "publish.nothing_changed": _l("Không có gì khác bản số %(revision)s, %(by)s ban hành lúc %(at)s."),
    "publish.nothing_drafted": _l("Phần này của dự thảo chưa có ai để ban hành."),
    "publish.why_untold": _l("Ghi lý do ban hành mà không báo tin cho ai."),
    "redo.changed": _l("Không làm lại được: ca sau đã được người khác hoặc máy đổi từ đó: %(shift)s."),
    "redo.gone": _l("Bước này không còn chờ làm lại: vừa được làm lại ở nơi khác, hoặc đã có thay đổi mới."),
    "redo.nothing": _l("Không có thay đổi nào của đồng chí vừa hoàn tác để làm lại."),
    "refit.moved": _l(
        "Chưa ghi gì: ảnh hưởng đến đợt trực đã khác bản xem trước, hoặc chưa ai xem. Xem lại rồi áp dụng."
    ),
    "revision.unknown": _l("Không có bản ban hành này."),
    "rotation.days": _l("Mỗi lượt từ 1 đến %(most)s ngày: ghi một số."),
    "rotation.moved": _l("Chưa ghi gì: dự thảo hoặc kíp đã khác bản xem trước. Xem lại rồi áp dụng."),
    "rotation.no_crews": _l("Chọn ít nhất một kíp: ghi số thứ tự bên cạnh tên."),
    "rotation.no_cycle": _l("Chọn ít nhất một ca trong vòng xoay."),
    "rotation.no_shift": _l("%(unit)s không có ca tên “%(name)s” trong đợt này. Chọn tên ca có trong nhu cầu."),
    "rotation.no_shifts": _l("%(unit)s không có ca nào trong đợt này. Nhập nhu cầu trực của đơn vị trước."),
    "rotation.other_unit": _l("%(crew)s không phải kíp của %(unit)s."),
    "rotation.outside": _l("Ngày %(on)s không thuộc đợt trực. Chọn ngày trong đợt."),
    "rotation.too_many": _l("Một vòng xoay có nhiều nhất %(most)s kíp, %(most)s ca; đã chọn %(n)s."),
    "rotation.twice": _l("%(crew)s được chọn hai lần."),
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
    "seat.anothers": _l("Ca này nay là của %(name)s, không cần trả lời nữa."),
    "seat.empty": _l("Ca này hiện không có ai trong lịch đã ban hành."),
    "seat.over": _l("Ca này đã qua."),
    "seat.unknown": _l("Không có chỗ trực số %(id)s trong đợt trực này."),
    "seats.break_rules": _l("Chưa ghi gì: cách xếp này vi phạm quy định. Chọn người khác, hoặc ghi lý do."),
    "seats.changed": _l("Chưa ghi gì: %(n)s ô vừa được người khác sửa. Xem ô giờ là của ai rồi sửa lại nếu còn cần."),
    "seats.empty": _l("Chỗ này vừa trống: không còn ca để cầm lên."),
    "seats.misfit": _l("Chưa ghi gì: %(n)s ô không xếp được như đã gõ."),
    "seats.past": _l("Chưa ghi gì: ca này đã qua và đã ban hành: %(shift)s."),
    "seats.twice": _l("Chưa ghi gì: %(person)s không thể có hai chỗ trong cùng một ca: %(shift)s."),
    "set_up.break_elsewhere": _l(
        "Đổi kỳ nghỉ này còn đổi %(n)s đợt trực khác (%(names)s). Sửa ở trang Ngày nghỉ để xem trước điều gì đổi, "
        "rồi quay lại đây; ở trang này để kỳ nghỉ như cũ."
    ),
    "set_up.has_demand": _l(
        "%(unit)s đã có nhu cầu trực: bỏ chọn đơn vị này ở mục Ca trực; số người sửa ở trang Nhu cầu trực."
    ),
    "set_up.line.duty": _l("Ca %(n)s: chọn loại trực."),
    "set_up.line.hours": _l("Ca %(n)s: ghi số giờ trên 0, nhiều nhất 24, như 12 hoặc 7,5."),
    "set_up.line.people": _l("Ca %(n)s, %(phase)s: ghi số người từ 0 đến 50; để trống là không có ca."),
    "set_up.line.shift": _l("Ca %(n)s: ghi tên ca, như Ngày, Đêm, 24/24 (không quá 40 ký tự)."),
    "set_up.line.start": _l("Ca %(n)s: ghi giờ bắt đầu như 07:30."),
    "set_up.line.twice": _l("Ca %(n)s: loại trực này đã có ca tên %(shift)s ở trên. Đặt tên khác hoặc xóa một dòng."),
    "set_up.no_lines": _l("Ghi ít nhất một ca có số người, hoặc bỏ chọn các đơn vị ở mục này."),
    "set_up.other_tet": _l("Đã lấy tên, ngày và kỳ nghỉ của Tết vừa chọn. Xem lại rồi bấm Tạo đợt trực."),
    "shadow.away": _l("%(name)s vắng trong ca này: chọn người khác hoặc ca khác."),
    "shadow.busy": _l("%(name)s đã trực hoặc kèm trực nơi khác trong giờ này: chọn người khác hoặc ca khác."),
    "shadow.left": _l("%(name)s không còn làm việc ở đây: chọn người khác."),
    "shadow.serves": _l("%(name)s trực chính ca này, không kèm được."),
    "shadow.unknown": _l("Không có lượt kèm trực số %(id)s."),
    "sheet.no_file": _l("Chưa có gì. Chọn một tệp XLSX hoặc CSV, hoặc dán các ô chép từ bảng tính."),
    "sheet.nothing": _l("Không có gì để ghi: mọi ô đọc được đã đúng như dự thảo, hoặc đang được để lại."),
    "shift.breaks_rules": _l("Phân công này vi phạm quy định. Chọn người khác, hoặc ghi lý do."),
    "shift.full": _l("Không ca nào cần giải thích: ca được hỏi đã đủ người."),
    "shift.not_on_it": _l("%(person)s không ở trong ca này; có thể dự thảo vừa được người khác sửa."),
    "shift.other_unit": _l(
        "Trong đó có ca của %(unit)s, ngoài các đơn vị mà đồng chí phụ trách. Đề nghị quản lý của đơn vị đó, "
        "hoặc của đơn vị lập đợt trực, cùng làm."
    ),
    "shift.past": _l("Ca trực này đã qua và đã ban hành, không sửa được nữa."),
    "shift.too_many": _l("Ca này cần %(required)s người, đã chọn %(given)s người."),
    "shift.unknown": _l("Không có ca trực này."),
    "shift.wrong_moves": _l("Việc thay người phải bắt đầu từ chính ca này."),
    "solve.already_running": _l("Đợt trực này đang được phân công tự động. Chờ xong, hoặc hủy lần đang chạy."),
    "solve.day": _l("Nhập ngày dạng ngày/tháng/năm, hoặc để trống."),
    "solve.days_turned": _l("Ngày cuối phải không trước ngày đầu của phần cần xếp."),
    "solve.empty_part": _l("Không có ca nào trong phần này: chọn đơn vị, loại trực hoặc ngày khác."),
    "solve.no_certificate": _l("Lần phân công này không có chứng nhận: chưa xong, đã dừng, hoặc do bản cũ thực hiện."),
    "solve.no_days": _l("Cho biết xếp từ ngày nào đến ngày nào."),
    "solve.nobody": _l("Chọn ít nhất một người để xếp riêng."),
    "solve.nothing_open": _l(
        "Vùng này không có lượt nào để xếp: ô của họ đã ghim, và không có lượt trống nào mà họ trực được. "
        "Bỏ ghim, hoặc chọn thêm người, thêm ngày."
    ),
    "solve.offer_gone": _l(
        "Dự thảo, người hoặc quy tắc đã khác lúc máy tìm ra cách này. Xếp lại, thay đổi ít nhất, để có cách mới."
    ),
    "solve.too_many_people": _l("Xếp riêng được nhiều nhất %(most)s người; đã chọn %(n)s. Chọn theo đơn vị hoặc ngày."),
    "solve.unknown_duty": _l("Không có loại trực %(duty)s."),
    "solve_run.unknown": _l("Không có lần phân công tự động này."),
    "supplement.attested_as": _l("Ghi chức vụ của người xác nhận."),
    "supplement.attested_by": _l("Ghi họ tên người xác nhận."),
    "supplement.day": _l("Ghi ngày trực như 05/02/2027."),
    "supplement.draft": _l(
        "Đợt trực %(name)s chưa ban hành: phân công trong dự thảo rồi ban hành, không cần ghi bổ sung."
    ),
    "supplement.filled": _l("Chỗ này đã ghi %(name)s. Ghi bổ sung không thay người đã ghi."),
    "supplement.full": _l("Mọi chỗ của ca này đã có người."),
    "supplement.long": _l("Không quá %(limit)s chữ."),
    "supplement.not_over": _l("Ca này chưa kết thúc: sửa dự thảo rồi ban hành, không ghi bổ sung."),
    "supplement.on": _l("Ngày trực phải từ %(first)s đến %(last)s, các ngày của đợt trực."),
    "supplement.on_it": _l("%(name)s đã có trong ca này."),
    "supplement.reason": _l("Ghi lý do ca này không có trong lịch."),
    "supplement.shift": _l("Nhu cầu trực của %(unit)s không có ca này vào ngày đó. Thêm nhu cầu trước."),
    "supplement.unit": _l("Đơn vị phải thuộc %(unit)s."),
    "supplement.what": _l("Chọn một chỗ trống, hoặc một ca theo nhu cầu và ngày trực."),
    "telling.nobody": _l("Không còn ai chưa được báo tin."),
    "undo.changed": _l("Không hoàn tác được: ca sau đã được người khác hoặc máy đổi từ đó: %(shift)s."),
    "undo.gone": _l("Bước này không còn để hoàn tác: vừa được hoàn tác ở nơi khác, hoặc đã ban hành từ đó."),
    "undo.nothing": _l("Từ lần ban hành gần nhất đồng chí không còn thay đổi nào để hoàn tác."),
    "wish.unknown": _l("Không còn nguyện vọng này."),
    "withdraw.all_begun": _l(
        "Mọi ca mà bản số %(revision)s đổi đều đã bắt đầu: không thu hồi được nữa, chỉ sửa bằng bản mới."
    ),
    "withdraw.already": _l("Bản số %(revision)s đã được %(by)s thu hồi."),
    "withdraw.moved": _l("Bản số %(revision)s không còn là bản mới nhất: đã có bản số %(last)s. Xem lại rồi thu hồi."),
    "withdraw.parted": _l("Bản số %(revision)s đã chia một ca: đổi người của phần ấy thay vì thu hồi."),
    "withdraw.reason": _l("Ghi lý do thu hồi: người trực sẽ đọc thấy."),
    "withdraw.reason_long": _l("Lý do không quá %(limit)s chữ."),
}
