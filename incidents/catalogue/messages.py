"""Sentences for the error codes of the catalogue and of its custom fields."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "category.code": _l("Mã gồm chữ không dấu, số, gạch dưới; không quá 40 ký tự."),
    "category.code_taken": _l("Đã có loại sự cố với mã này."),
    "category.name": _l("Ghi tên, không quá 100 ký tự."),
    "category.family": _l("Chọn một nhóm."),
    "category.severity": _l("Chọn mức từ 1 đến 4."),
    "category.questions": _l("Nhiều nhất %(most)s câu hỏi, mỗi câu một lần."),
    "category.too_many": _l("Nhiều nhất %(most)s dòng."),
    "category.field": _l("Dòng %(n)s: ghi tên và chọn kiểu của mục theo dõi; tên không trùng nhau."),
    "category.choices": _l("Dòng %(n)s: ghi ít nhất hai lựa chọn, cách nhau bằng dấu chấm phẩy."),
    "question.text": _l("Ghi câu hỏi, không quá 200 ký tự."),
    "question.unknown": _l("Không có câu hỏi này."),
    "question.level": _l("Chọn mức từ 1 đến 4, hoặc không nâng mức."),
    "target.minutes": _l("Ghi số phút từ 1 đến %(most)s."),
    "target.order": _l("Mức nặng hơn không được có thời hạn dài hơn mức nhẹ hơn."),
    "directory.taken": _l("Đã có trong danh bạ; sửa ở dòng đó."),
    "directory.code": _l("Mã gồm chữ không dấu, số, dấu chấm, gạch; không quá 40 ký tự."),
    "directory.plate": _l("Ghi biển số, ví dụ 81C-123.45."),
    "directory.no_route": _l("Không có đường thư “%(route)s”."),
    "directory.no_authority": _l("Không có cơ quan này trong danh bạ."),
    "directory.phone": _l("Ghi số điện thoại ở Việt Nam."),
    "directory.period": _l("Ngày hết hiệu lực phải sau ngày bắt đầu."),
    "directory.missing": _l("Cần điền mục này."),
    "directory.long": _l("Không quá %(most)s ký tự."),
    "directory.choice": _l("Chọn một trong các mục có sẵn."),
    "directory.day": _l("Ghi ngày theo thứ tự ngày/tháng/năm, như 05/02/2027."),
    "fact.unknown": _l("Loại sự cố này không có mục đó."),
    "fact.text": _l("Ghi bằng chữ."),
    "fact.long": _l("Không quá 500 ký tự."),
    "fact.number": _l("Ghi một số từ 0 trở lên."),
    "fact.time": _l("Ghi ngày/tháng/năm và giờ, như 05/02/2027 14:30, cách hôm nay không quá một năm."),
    "fact.yesno": _l("Chọn có hoặc không."),
    "fact.choice": _l("Chọn một trong các mục có sẵn."),
    "category.unknown": _l("Không có loại sự cố “%(category)s”."),
}
