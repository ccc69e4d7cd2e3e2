"""Sentences for the error codes of the ledger."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "ledger.below_zero": _l("Sau điều chỉnh, Tết %(year)s của người này còn dưới 0: kiểm tra lại số điều chỉnh."),
    "ledger.nothing": _l("Ghi ít nhất một số khác 0 để điều chỉnh."),
    "ledger.number": _l("Ghi một số, ví dụ 12,5 hoặc −3."),
    "ledger.own": _l("Không tự điều chỉnh sổ của mình: đề nghị người quản lý khác."),
    "ledger.reason": _l("Ghi lý do điều chỉnh, không quá %(limit)s chữ."),
    "ledger.too_much": _l("Số điều chỉnh quá lớn: nhiều nhất %(most)s."),
    "ledger.year": _l("Năm Tết từ %(first)s đến %(last)s."),
}
