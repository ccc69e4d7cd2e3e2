"""PURE what the law says about posting and parcels: texts with their source and the days on which they hold.

For a warning and for posters, never a finding of lawfulness.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from planning.rules.base import Norm

LAW = "Luật Bưu chính số 49/2010/QH12"
SINCE = date(2011, 1, 1)
DECREE_174 = date(2026, 7, 1)
SOURCE = Norm(f"{LAW}, Điều 12", since=SINCE)
TITLE: Mapping[str, str] = {
    "vi": "Vật phẩm, hàng hóa không được gửi, chấp nhận, vận chuyển qua mạng bưu chính",
    "en": "Articles and goods that may not be sent, accepted or carried through the postal network",
}
PROHIBITED: tuple[Mapping[str, str], ...] = (
    {
        "vi": "Vật phẩm, hàng hóa mà pháp luật của Việt Nam quy định cấm lưu thông.",
        "en": "Articles and goods whose circulation is prohibited by Vietnamese law.",
    },
    {
        "vi": "Vật phẩm, hàng hoá từ Việt Nam gửi đi các nước mà pháp luật Việt Nam quy định cấm xuất khẩu hoặc pháp"
        " luật của nước nhận quy định cấm nhập khẩu.",
        "en": "Articles and goods sent from Viet Nam abroad whose export is prohibited by Vietnamese law or whose"
        " import is prohibited by the law of the receiving country.",
    },
    {
        "vi": "Vật phẩm, hàng hoá từ các nước gửi về Việt Nam mà pháp luật Việt Nam quy định cấm nhập khẩu.",
        "en": "Articles and goods sent from abroad to Viet Nam whose import is prohibited by Vietnamese law.",
    },
    {
        "vi": "Vật phẩm, hàng hoá bị cấm vận chuyển bằng đường bưu chính theo quy định của pháp luật Việt Nam, điều ước"
        " quốc tế mà Cộng hòa xã hội chủ nghĩa Việt Nam là thành viên.",
        "en": "Articles and goods prohibited from carriage by post under Vietnamese law or international treaties to"
        " which the Socialist Republic of Viet Nam is a party.",
    },
)
"""Điều 12, khoản 1–4, in Vietnamese to the letter (which writes "hàng hóa" and "hàng hoá"); the English is ours."""

OBLIGATION: Mapping[str, tuple[Norm, ...]] = {
    "prohibited": (Norm(f"{LAW}, Điều 29 khoản 7", since=SINCE),),
    "conditions": (
        Norm(f"{LAW}, Điều 29 khoản 7", since=SINCE),
        Norm("Thông tư 02/2012/TT-BTTTT, Điều 4"),
    ),
    "complaints": (Norm("Thông tư 14/2018/TT-BTTTT, Điều 12 khoản 2"),),
    "quality": (Norm("Thông tư 14/2018/TT-BTTTT, Điều 12 khoản 2"),),
    "support": (Norm("Thông tư 14/2018/TT-BTTTT, Điều 12 khoản 2"),),
}
"""What is posted → what asks for it; the others: a custom of the enterprise."""

_BOTH = (Norm("Nghị định 174/2026/NĐ-CP, Điều 10 khoản 4 điểm b", since=DECREE_174, value=5),)
PENALTIES: Mapping[str, tuple[Norm, ...]] = {
    "prohibited": _BOTH,
    "conditions": _BOTH,
    "prices": (Norm("Nghị định 174/2026/NĐ-CP, Điều 15", since=DECREE_174, value=10),),
}
"""What it may cost an organisation that nothing is posted, in million đồng at most."""

LESS = Norm("Nghị định 174/2026/NĐ-CP, Điều 10 khoản 3 điểm b", since=DECREE_174, value=3)
"""Posted, but not whole or not right."""
CHECK = (Norm(f"{LAW}, Điều 29 khoản 3", since=SINCE),)
REFUSE = (Norm(f"{LAW}, Điều 29 khoản 4", since=SINCE),)
"""Before acceptance. That the authority need not be told then is our reading: Điều 14 speaks of items in carriage."""


def sources(what: str, on: date) -> list[str]:
    return [norm.basis for norm in OBLIGATION.get(what, ()) if norm.holds(on)]


def penalty(what: str, on: date) -> Norm | None:
    return next((norm for norm in PENALTIES.get(what, ()) if norm.holds(on)), None)
