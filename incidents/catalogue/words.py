"""Names of what the catalogue and the directories hold: families, authorities, routes, vehicles, kinds of facts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

FAMILIES = {
    "network": _l("Mạng lưới, khai thác"),
    "it": _l("Công nghệ thông tin"),
    "item": _l("Bưu gửi"),
    "security": _l("An ninh, an toàn"),
    "compliance": _l("Tuân thủ, niêm yết"),
    "system": _l("Khác"),
}
ROLES = {
    "police": _l("Công an"),
    "fire": _l("Phòng cháy, chữa cháy"),
    "medical": _l("Cấp cứu"),
    "rescue": _l("Tìm kiếm, cứu nạn"),
    "military": _l("Quân sự"),
    "cyber": _l("An ninh mạng"),
    "ministry": _l("Cơ quan quản lý bưu chính"),
    "post": _l("Bưu điện Trung ương"),
    "power": _l("Điện lực"),
    "health": _l("Y tế dự phòng"),
    "customs": _l("Hải quan"),
    "market": _l("Quản lý thị trường"),
    "government": _l("Ủy ban nhân dân"),
    "other": _l("Cơ quan khác"),
}
ROUTE_LEVELS = {"1": _l("Cấp 1"), "2": _l("Cấp 2"), "3": _l("Cấp 3"), "other": _l("Khác")}
VEHICLES = {
    "truck": _l("Xe tải"),
    "van": _l("Xe tải nhỏ"),
    "motorcycle": _l("Xe máy"),
    "boat": _l("Thuyền, ca nô"),
    "other": _l("Khác"),
}
FIELD_KINDS = {
    "text": _l("Chữ"),
    "number": _l("Số"),
    "time": _l("Ngày giờ"),
    "yesno": _l("Có hoặc không"),
    "choice": _l("Chọn một"),
    "vehicle": _l("Phương tiện"),
    "route": _l("Đường thư"),
    "person": _l("Người"),
}
