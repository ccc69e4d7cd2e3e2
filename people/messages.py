"""Sentences for the error codes of people."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "absence.kind_unknown": _l("Không có loại nghỉ này. Chọn một loại trong danh sách."),
    "absence.only_today": _l("Trong ca trực chỉ ghi được vắng mặt của hôm nay. Những ngày khác do quản lý đơn vị ghi."),
    "absence.order": _l("Ngày kết thúc phải bằng hoặc sau ngày bắt đầu."),
    "absence.overlap": _l("Khoảng nghỉ này trùng với khoảng đã có (%(from_on)s – %(to_on)s)."),
    "absence.too_long": _l("Một khoảng nghỉ không quá %(limit)s ngày. Kiểm tra lại năm."),
    "absence.unknown": _l("Không còn khoảng nghỉ này."),
    "account.first_gone": _l(
        "Đường dẫn tạo người quản trị đầu tiên không dùng được: đã dùng, quá 24 giờ, hoặc đã có đường dẫn mới hơn. "
        "Trên máy chủ, chạy lại make run hoặc lệnh users first để lấy đường dẫn mới."
    ),
    "account.inactive": _l("Tài khoản %(login)s đã khóa. Mở lại tài khoản trước khi mời."),
    "account.last_admin": _l("Đây là quản trị viên cuối cùng. Giao quyền quản trị cho người khác trước."),
    "account.login_address": _l(
        "Tên đăng nhập không được giống số điện thoại hay thư điện tử: dễ lẫn với địa chỉ của người khác. "
        "Chọn một tên có chữ, ví dụ mã nhân viên; số điện thoại và thư của chính người đó vẫn đăng nhập được."
    ),
    "account.login_form": _l("Tên đăng nhập gồm 2–64 chữ không dấu, chữ số và các dấu . _ - @ +"),
    "account.login_taken": _l("Tên đăng nhập %(login)s đã có người dùng. Chọn tên khác."),
    "account.person_has_account": _l("Người có mã %(person)s đã có tài khoản."),
    "account.role_too_high": _l("Không thể giao hoặc sửa quyền cao hơn quyền của chính mình."),
    "account.role_unknown": _l("Không có vai trò này. Chọn một vai trò trong danh sách."),
    "account.unknown": _l("Không tìm thấy tài khoản này."),
    "apprise.untried": _l(
        "Dịch vụ này chưa được thử với hệ thống, chỉ quản trị hệ thống thêm được. Đã thử: Zalo (zalo://), Opsgenie "
        "(opsgenie://), Jira (jira://), webhook (jsons://, xmls://, forms://)."
    ),
    "apprise.form": _l("Ghi địa chỉ theo cách viết của apprise (ví dụ jsons://…), một dòng, không dấu cách."),
    "auth.refused": _l("Tên đăng nhập hoặc mật khẩu không đúng. Kiểm tra lại, hoặc đề nghị quản lý cấp lại phiếu mời."),
    "contact.channel": _l("Chọn thư điện tử hoặc số điện thoại."),
    "contact.code_over": _l("Mã này không còn dùng được (đã dùng, quá giờ hoặc sai quá nhiều lần). Lấy mã mới."),
    "contact.code_unknown": _l("Không còn mã này. Lấy mã mới."),
    "contact.code_wrong": _l("Mã chưa đúng. Còn %(left)s lần thử."),
    "contact.known": _l("Địa chỉ này đã có."),
    "contact.last": _l("Đây là địa chỉ cuối cùng: thay bằng địa chỉ khác, không bỏ được."),
    "contact.no_gateway": _l("Hệ thống chưa có cổng gửi cho cách này, nên chưa gửi được mã."),
    "contact.taken": _l(
        "Không dùng được địa chỉ này. Kiểm tra lại; nếu đúng là địa chỉ của người này, đề nghị quản trị hệ thống thêm."
    ),
    "contact.throttled": _l("Đã gửi nhiều lần liên tiếp. Chờ %(retry_after)s giây rồi gửi lại."),
    "contact.too_many": _l("Nhiều nhất %(most)s địa chỉ. Bỏ bớt một địa chỉ trước."),
    "contact.unknown": _l("Không còn địa chỉ liên lạc này."),
    "desk.not_here": _l("Máy bàn trực dùng chung không làm việc này. Đăng nhập bằng tài khoản riêng, trên máy riêng."),
    "desk.of_a_person": _l("Tài khoản này là của một người. Máy bàn trực dùng chung cần một tài khoản riêng của máy."),
    "desk.minutes": _l("Ghi số phút từ %(low)s đến %(high)s."),
    "desk.refused": _l("Chưa đúng. Chọn đúng tên, gõ lại mã PIN; quên mã thì gõ mật khẩu của mình."),
    "desk.role": _l("Tài khoản quản lý hoặc quản trị không dùng làm máy bàn trực: đổi vai trò thành nhân viên trước."),
    "desk.throttled": _l("Sai mã PIN quá nhiều lần. Gõ mật khẩu của mình thay mã PIN, hoặc chờ %(retry_after)s giây."),
    "desk.unit": _l("Chọn đơn vị đặt máy bàn trực."),
    "desk.who": _l("Chọn tên người thực hiện."),
    "duty_kind.letter": _l("Ký hiệu gồm 1–3 chữ, ví dụ LĐ."),
    "duty_kind.unknown": _l("Không có loại trực %(duty)s."),
    "field.code": _l("Mã gồm 1–40 chữ không dấu, chữ số và các dấu . _ -"),
    "field.email": _l("Địa chỉ thư %(value)s chưa đúng. Ví dụ: ten@buudien.vn"),
    "field.limits_form": _l("Viết mức riêng dạng mã:tên=số, ví dụ hours.week:most=2400; chưa đọc được: %(part)s."),
    "field.limits_many": _l("Nhiều nhất %(most)s mức riêng."),
    "field.limits_number": _l("%(key)s: ghi số từ %(low)s đến %(high)s."),
    "field.limits_unknown": _l("Không có mức %(key)s. Các mức: %(known)s."),
    "field.phone": _l("Số điện thoại %(value)s chưa đúng. Ví dụ: 0912 345 678"),
    "field.required": _l("Cần điền mục này."),
    "field.skills": _l(
        "Kỹ năng là các từ cách nhau bằng dấu chấm phẩy, mỗi từ nhiều nhất %(longest)s ký tự, nhiều nhất %(most)s từ."
    ),
    "field.too_long": _l("Không quá %(limit)s ký tự."),
    "grant.ended": _l(
        "Quyền này đi theo ca trực, và ca đã hết lúc %(at)s ngày %(on)s: chưa ghi gì. "
        "Nhờ người đang trực hoặc quản lý đơn vị làm tiếp."
    ),
    "invitation.unknown": _l("Phiếu mời này đã dùng, đã thu hồi hoặc đã hết hạn."),
    "invitation.gone": _l(
        "Đường dẫn này đã được dùng, đã thay bằng phiếu khác hoặc đã hết hạn. Đề nghị quản lý cấp lại."
    ),
    "key.days": _l("Chọn từ 1 đến %(most)s ngày."),
    "key.scopes": _l("Chọn ít nhất một phạm vi."),
    "key.unknown": _l("Không tìm thấy khóa này."),
    "proof.needed": _l("Nhập lại mật khẩu để đổi địa chỉ liên lạc."),
    "password.too_long": _l("Mật khẩu không quá %(limit)s ký tự."),
    "password.too_short": _l("Mật khẩu cần ít nhất %(minimum)s ký tự."),
    "password.weak_date": _l("Mật khẩu chủ yếu là ngày tháng hoặc năm, rất dễ đoán. Thêm vài từ không liên quan."),
    "password.weak_keyboard": _l("Mật khẩu là các phím liền nhau, rất dễ đoán. Dùng vài từ không liên quan đến nhau."),
    "password.weak_own": _l(
        "Mật khẩu làm từ tên, đơn vị, số điện thoại hoặc từ hay dùng dịp Tết. Thay bằng ba, bốn từ không liên quan."
    ),
    "password.weak_plain": _l("Mật khẩu còn quá dễ đoán. Thêm một, hai từ nữa; dài thì tốt hơn rắc rối."),
    "password.weak_repeat": _l("Mật khẩu lặp đi lặp lại, rất dễ đoán. Dùng vài từ không liên quan đến nhau."),
    "password.weak_run": _l("Mật khẩu là dãy liền nhau như 1234 hay abcd. Dùng vài từ không liên quan đến nhau."),
    "password.weak_word": _l("Mật khẩu là từ ai cũng hay dùng. Ghép ba, bốn từ không liên quan mà chỉ mình nhớ."),
    "password.wrong": _l("Mật khẩu hiện tại không đúng."),
    "pin.form": _l("Mã PIN gồm %(minimum)s đến %(maximum)s chữ số."),
    "pin.too_common": _l("Mã PIN này quá dễ đoán (dãy liền nhau, một chữ số lặp lại, một phần số điện thoại)."),
    "link.gone": _l("Đường dẫn đã bị thu hồi hoặc địa chỉ nhận nó không còn là của người này."),
    "link.taken": _l("Đường dẫn vừa được dùng trên máy khác. Mở lại trang để trả lời trên máy này."),
    "link.unknown": _l("Không có đường dẫn này."),
    "person.code_taken": _l("Mã %(person)s đã có người dùng."),
    "person.min_above_max": _l("Số ca ít nhất (%(least)s) lớn hơn số ca nhiều nhất (%(most)s)."),
    "person.unknown": _l("Không tìm thấy người có mã %(person)s."),
    "push.form": _l("Trình duyệt đưa ra địa chỉ nhận thông báo không dùng được. Tải lại trang rồi bật lại."),
    "push.own_device": _l("Chỉ chính người đó mới bật thông báo trên máy của mình."),
    "reach.delay": _l("Chờ từ 0 đến %(most)s phút."),
    "reach.none_soon": _l("Cần ít nhất một cách dùng được trong vòng %(seconds)s giây đầu."),
    "reach.way_unknown": _l("Không còn cách liên lạc này. Tải lại trang rồi sắp xếp lại."),
    "session.unknown": _l("Không tìm thấy phiên đăng nhập này."),
    "slip.not_enough": _l(
        "Phiếu do người khác in, địa chỉ do người khác thêm không nhận việc này: đăng nhập, mở đường dẫn gửi tới "
        "địa chỉ của đồng chí, hoặc gặp quản lý đơn vị."
    ),
    "throttled": _l("Thử quá nhiều lần. Chờ %(retry_after)s giây rồi thử lại, hoặc dùng phiếu mời do quản lý cấp lại."),
    "trial.no_way": _l("Chưa có cách nào để gửi thử: thêm địa chỉ, hoặc chờ quản trị khai báo cổng gửi."),
    "unit.code_taken": _l("Mã đơn vị %(unit)s đã được dùng."),
    "unit.cycle": _l("Đơn vị không thể nằm dưới chính nó."),
    "unit.kind_unknown": _l("Không có loại đơn vị này. Chọn một loại trong danh sách."),
    "unit.unknown": _l("Không tìm thấy đơn vị %(unit)s."),
    "work_pattern.unknown": _l("Không có chế độ làm việc này. Chọn một chế độ trong danh sách."),
    # the files as such
    "import.not_import_file": _l(
        "%(file)s không phải tệp nhập dữ liệu. Gửi một tệp XLSX, một tệp ZIP chứa các tệp CSV, hoặc chính các tệp CSV."
    ),
    "import.upload_gone": _l("Tệp đã gửi không còn được giữ (quá 12 giờ, đã ghi hoặc đã bỏ). Gửi lại tệp."),
    "import.no_file": _l("Chưa có tệp nào. Chọn một tệp XLSX, một tệp ZIP hoặc các tệp CSV rồi gửi lại."),
    "import.no_known_file": _l("Không thấy tệp hay trang tính nào nhập được. Cần ít nhất một trong: %(known)s."),
    "import.old_excel": _l("%(file)s là dạng Excel cũ (XLS) hoặc có mật khẩu. Lưu lại thành XLSX không mật khẩu."),
    "import.encrypted": _l("%(file)s có mật khẩu. Bỏ mật khẩu rồi gửi lại."),
    "import.too_big_unpacked": _l("%(file)s giải nén ra quá %(megabytes)s MB. Chỉ giữ các trang tính cần nhập."),
    "import.faults": _l("Có %(count)s lỗi, chưa ghi gì vào hệ thống. Sửa hết các lỗi được nêu rồi nhập lại."),
    "import.encoding": _l(
        "Tệp không dùng bảng mã UTF-8 (có thể là TCVN3, VNI hoặc Unicode 16 bit). "
        "Trong Excel chọn Lưu thành, kiểu “CSV UTF-8”, hoặc gửi XLSX."
    ),
    "import.bad_row": _l("Dấu nháy kép không khớp, từ dòng này không đọc được. Đóng dấu nháy hoặc bỏ đi."),
    "import.not_sheet": _l("%(file)s không phải bảng tính. Gửi tệp XLSX hoặc CSV, hoặc chép các ô rồi dán vào đây."),
    "import.empty_sheet": _l("Không có ô nào có chữ. Chọn tệp có bảng phân công, hoặc dán các ô vào đây."),
    "import.empty_file": _l("Tệp trống. Dòng đầu phải là tên các cột."),
    "import.file_twice": _l("Bảng %(sheet)s có hai lần. Chỉ giữ một."),
    "import.unusual_workbook": _l(
        "%(file)s không được dựng như bảng tính: một dòng hay một ô có quá nhiều phần. Mở bằng Excel hay LibreOffice, "
        "lưu lại rồi nhập."
    ),
    "import.too_many_rows": _l("Quá %(limit)s dòng. Chia thành nhiều lần nhập."),
    "import.too_many_in_all": _l("Quá %(limit)s ô trong cả lần nhập. Chia thành nhiều lần nhập."),
    "import.row_too_long": _l("Dòng này dài quá %(limit)s ký tự. Kiểm tra dấu ngoặc kép chưa đóng, hoặc chia dòng."),
    "import.too_many_columns": _l("Quá %(limit)s cột. Bỏ các cột không dùng."),
    "import.unknown_file": _l("Không nhập phần này vì tên không thuộc: %(known)s."),
    # the table
    "import.missing_column": _l("Thiếu cột %(column)s. Các cột bắt buộc: %(known)s."),
    "import.unknown_column": _l("Không dùng cột này. Các cột đã biết: %(known)s."),
    "import.column_twice": _l("Cột có hai lần. Chỉ giữ một."),
    "import.too_many_cells": _l(
        "Dòng này có %(cells)s cột, dòng tiêu đề có %(columns)s, nên chưa đọc được. "
        "Nội dung có dấu phẩy phải đặt trong dấu nháy kép."
    ),
    "import.cell_error": _l("Ô đang báo lỗi công thức. Sửa công thức hoặc gõ thẳng giá trị."),
    "import.repeated": _l("Trùng với dòng %(row)s. Mỗi thứ chỉ được có một dòng."),
    # values
    "import.blank": _l("Không được để trống."),
    "import.control_character": _l("Có ký tự điều khiển không hiển thị được. Gõ lại ô này."),
    "import.too_long": _l("Dài %(length)s ký tự, nhiều nhất %(limit)s."),
    "import.code_form": _l("Mã gồm chữ không dấu, chữ số, dấu chấm, gạch ngang, gạch dưới; nhiều nhất 40 ký tự."),
    "import.yes_no": _l("Ghi yes hoặc no (có, không, 1, 0)."),
    "import.number": _l("Ghi một số, ví dụ 8 hoặc 7,5."),
    "import.whole_number": _l("Ghi số nguyên từ %(low)s đến %(high)s."),
    "import.out_of_range": _l("Ghi số từ %(low)s đến %(high)s."),
    "import.out_of_range_above": _l("Ghi số lớn hơn %(low)s và không quá %(high)s."),
    "import.date": _l("Ghi ngày có thật, dạng 2020-01-25 hoặc 25/01/2020."),
    "import.date_range": _l("Ghi ngày từ năm %(first)s đến năm %(last)s."),
    "import.time": _l("Ghi giờ trong ngày, dạng 07:30 hoặc 7h30."),
    "import.email": _l("Ghi một địa chỉ thư điện tử, dạng ten@donvi.vn."),
    "import.phone": _l("Ghi một số điện thoại Việt Nam, ví dụ 0912 345 678 hoặc 0269 3824 123."),
    "import.choice": _l("Ghi một trong: %(known)s."),
    "import.limits_form": _l("Viết mức riêng dạng mã:tên=số, ví dụ hours.week:most=2400; chưa đọc được: %(part)s."),
    "import.limits_many": _l("Nhiều nhất %(most)s mức riêng."),
    "import.limits_number": _l("%(key)s: ghi số từ %(low)s đến %(high)s."),
    "import.limits_unknown": _l("Không có mức %(key)s. Các mức: %(known)s."),
    "import.skills": _l(
        "Ghi các kỹ năng cách nhau bằng dấu chấm phẩy; mỗi kỹ năng nhiều nhất %(longest)s ký tự, nhiều nhất %(most)s "
        "kỹ năng."
    ),
    "import.skill_numbers": _l(
        "Ghi kỹ năng và số người cần có, ví dụ experienced:1;lái xe:1; mỗi kỹ năng nhiều nhất %(longest)s ký tự."
    ),
    "import.skill_too_many": _l("Cần %(number)s người có kỹ năng %(skill)s nhưng ca chỉ có %(people)s người."),
    "import.min_above_max": _l("Số ca ít nhất (%(least)s) lớn hơn số ca nhiều nhất (%(most)s)."),
    "import.pair_same": _l("Hai mã phải là hai người khác nhau."),
    "import.unknown_duty": _l("Không có loại trực này. Các loại đã có: %(known)s."),
    "import.unknown_unit_kind": _l("Không có loại đơn vị này. Các loại đã có: %(known)s."),
    "import.unknown_work_pattern": _l("Không có giờ làm việc này. Các kiểu đã có: %(known)s."),
    "import.unknown_unit": _l("Không có đơn vị %(code)s. Sửa mã, hoặc thêm đơn vị vào tệp units."),
    "import.unknown_parent": _l("Không có đơn vị cấp trên %(code)s. Sửa mã, hoặc thêm đơn vị đó vào tệp units."),
    "import.unknown_person": _l("Không có người mang mã %(code)s. Sửa mã, hoặc thêm người đó vào tệp people."),
    "import.parent_cycle": _l("Đơn vị không thể nằm dưới chính mình: %(path)s. Sửa đơn vị cấp trên."),
    "import.outside_scope": _l(
        "Ngoài phạm vi của đồng chí: chỉ nhập được đơn vị của mình và cấp dưới. Bỏ dòng này hoặc nhờ quản trị nhập."
    ),
    "import.reversed": _l("Ngày cuối sớm hơn ngày đầu (%(first)s). Đổi lại cho đúng."),
    "import.absence_too_long": _l("Vắng %(days)s ngày, nhiều nhất %(limit)s. Kiểm tra năm, hoặc ghi active = no."),
    "import.hint_near": _l("Có phải “%(near)s” không?"),
    # doubtful
    "import.case_adopted": _l("Mã này đã có với chữ hoa, chữ thường khác: dùng %(code)s."),
    "import.zeros_restored": _l("Hiểu là mã %(code)s: bảng tính đã làm mất số 0 ở đầu."),
    "import.second_root": _l("Đơn vị này cũng không có cấp trên, như %(root)s. Kiểm tra cột parent_code."),
    "import.no_phone": _l("Không có số điện thoại: khi có sự cố sẽ không gọi được."),
    "import.no_email": _l("Không có thư điện tử: không nhận được báo động và lịch qua thư."),
    "import.no_duty": _l("Không thuộc loại trực nào: sẽ không được xếp ca."),
    "import.contact_taken": _l(
        "Không dùng được địa chỉ này cho người này. Kiểm tra lại; nếu đúng, đề nghị quản trị hệ thống nhập."
    ),
    "import.kept_contact": _l(
        "Trùng với người mang mã %(code)s, người đã xác nhận địa chỉ này: vẫn gọi được qua địa chỉ này, "
        "nhưng chỉ người kia đăng nhập được bằng nó."
    ),
    "import.office_phone": _l("Đây là số của đơn vị: vẫn gọi được, nhưng không ai đăng nhập được bằng số này."),
    "import.shared_elsewhere": _l(
        "Có người khác cũng dùng địa chỉ này: tính là địa chỉ chung, vẫn gọi được nhưng không đăng nhập được bằng nó."
    ),
    "import.shared_contact": _l(
        "Trùng với người mang mã %(code)s: tính là địa chỉ chung của đơn vị, vẫn gọi được cả hai nhưng không ai đăng "
        "nhập được bằng địa chỉ này."
    ),
    "import.overlapping_absence": _l("Chồng lên lần vắng %(first)s – %(last)s của cùng người."),
    "import.wish_repeated": _l("Nguyện vọng này đã có ở dòng %(row)s; chỉ tính một lần, theo dòng sau."),
    "import.wish_contradicts": _l("Trái với dòng %(row)s của cùng người, cùng ngày: tính theo dòng sau."),
    "import.wish_unknown_shift": _l("Không có ca nào tên như vậy, nguyện vọng sẽ không được tính. Các ca: %(known)s."),
    "import.wish_not_own": _l("Người này không trực ca đó, nguyện vọng sẽ không được tính. Các ca: %(known)s."),
    "import.skill_nobody": _l(
        "Chưa ai trực loại này trong đơn vị và cấp dưới có kỹ năng %(skill)s: yêu cầu sẽ không đáp ứng được."
    ),
    "import.wanted_no_effect": _l("Không nhiều hơn số người cần (%(headcount)s) nên không có tác dụng."),
    "import.long_duty": _l(
        "Ca trực tại chỗ %(length)s, quá mức %(limit)s theo %(source)s, mà chưa nêu căn cứ: máy sẽ không xếp được ai. "
        "Ghi căn cứ của đơn vị vào cột legal_ground, hoặc chia ca, hoặc đổi hình thức trực."
    ),
    "import.history_old": _l("Cách năm mới nhất từ %(years)s năm trở lên: có thể không còn được tính vào công bằng."),
    "import.history_counted_twice": _l("Hệ thống đã có điểm Tết %(year)s của người này: sẽ được cộng cả hai."),
}
