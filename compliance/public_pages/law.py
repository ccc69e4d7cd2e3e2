"""PURE What may not be sent by post, as the law says it: its own words, with the day from which they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Words:
    vi: str
    en: str


SOURCE = "Điều 12 Luật Bưu chính số 49/2010/QH12"
IN_FORCE = date(2011, 1, 1)
READ_ON = date(2026, 11, 24)
"""When the text was compared with the codified postal title."""
ARTICLE_12 = (
    Words(
        "Vật phẩm, hàng hóa mà pháp luật của Việt Nam quy định cấm lưu thông.",
        "Articles and goods whose circulation is prohibited by Vietnamese law.",
    ),
    Words(
        "Vật phẩm, hàng hoá từ Việt Nam gửi đi các nước mà pháp luật Việt Nam quy định cấm xuất khẩu hoặc pháp luật"
        " của nước nhận quy định cấm nhập khẩu.",
        "Articles and goods sent from Viet Nam abroad whose export is prohibited by Vietnamese law or whose import is"
        " prohibited by the law of the receiving country.",
    ),
    Words(
        "Vật phẩm, hàng hoá từ các nước gửi về Việt Nam mà pháp luật Việt Nam quy định cấm nhập khẩu.",
        "Articles and goods sent from abroad to Viet Nam whose import is prohibited by Vietnamese law.",
    ),
    Words(
        "Vật phẩm, hàng hoá bị cấm vận chuyển bằng đường bưu chính theo quy định của pháp luật Việt Nam, điều ước"
        " quốc tế mà Cộng hòa xã hội chủ nghĩa Việt Nam là thành viên.",
        "Articles and goods prohibited from carriage by post under Vietnamese law or international treaties to which"
        " the Socialist Republic of Viet Nam is a party.",
    ),
)
