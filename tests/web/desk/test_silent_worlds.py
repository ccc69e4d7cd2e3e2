"""No page says that somebody was told, asked or called where nothing has left: no channel, or all dead for an hour.

Contract, "Words of delivery". Every screen of the product is read in both worlds; a new sentence that claims is found
here, and is mended or excused by name: what a person wrote down, what is a title of a list that is empty, a rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import silent_worlds

pytestmark = pytest.mark.rest

CLAIMS = re.compile(
    r"\b(đã|được) (được )?(gửi|hỏi|gọi|báo|nhắn|nhắc)\b"
    r"|\bđang gọi [^·]|máy nhận đã báo|đã tới máy|không thấy lỗi|gửi bình thường|máy gọi được mọi người"
    r"|tin đã gửi đi cho [1-9]|máy báo được [1-9]",
    re.IGNORECASE,
)
BY_PEOPLE = (
    "đã báo cơ quan|đã báo (hậu cần|cho\\b|lãnh đạo)|lãnh đạo trực được báo|trực lãnh đạo được báo|đã báo nay hương",
    "việc này đã được báo cho trung úy|đã báo cáo|\\| đã báo ·|ghi đã báo|đã gọi điện cho|phải được báo|đã hỏi lại",
    "đơn vị đã báo xong được hỏi lại|được hỏi lại|tin đã báo|sự cố đã báo với|thông báo cơ quan",
)
"""What somebody writes down that they did, or is asked to."""
OF_THE_LAW = ("không được gửi", "đã gửi công văn")
RULES = (
    "(người|danh sách thường trực|có thể cùng|đó|nay|ai|không ai nghe|chính máy này|mẫu: tin nhắn chỉ) được gọi",
    "xem (thử )?ai được gọi|ai được gọi, gọi lần lượt|\\| được gọi ở những bước|\\| được gọi khi không còn ai",
    "được gọi đích danh|được gọi ngoài đơn vị|không ai được (gọi|báo)|chỉ được gửi qua|được gửi khi đăng nhập lại",
    "được gửi một lần khi có mạng|đơn vị còn nợ được nhắc|cả nội dung được báo|đã tới máy khi khớp",
    "địa chỉ cũ được báo một lần|người được gọi, diễn biến|không ai nghe được gọi lại|đã có tin mà im lặng",
    "là đồng chí đang gọi|người đó được gọi ngay|chưa báo thì được nhắc",
    "(báo lại cho )?người đã được gọi|được báo khi có người nhận|vừa được gọi",
)
"""What will be done when, or how something works: no word of what was."""
READS_IT = ("đang gọi đồng chí|đồng chí cũng đang được gọi", r"(\d+) người được hỏi, \1 người trả lời")
"""Who reads this has heard, and who answers was asked."""
SENT_TO_US = (
    r"đã gửi ảnh, chờ duyệt",
    "đã gửi lúc .*đổi rồi gửi lại|summary \\| đã gửi \\d+ lần|như nguồn đã gửi|danh sách đã gửi vẫn còn",
    "những tin đã gửi từ lâu|tin đã gửi không thu hồi|state=sent\\] \\| đã gửi|^offline: h2 \\| đã gửi",
    "^lists?: span.badge.blue \\| đã gửi",
)
"""What people sent to this copy, and names of lists that stand empty."""
NOT_SAID = ("(chưa|không)( có)?( ai| tin nào| lần nào)? (được |đã )?(báo|hỏi|gọi|gửi|nhắn|nhắc)",)
EXCUSED = [
    re.compile("|".join(some), re.IGNORECASE) for some in (BY_PEOPLE, OF_THE_LAW, RULES, READS_IT, SENT_TO_US, NOT_SAID)
]
World = Callable[[Path], dict[str, list[str]]]


@pytest.fixture(scope="module", params=[silent_worlds.unconnected, silent_worlds.dead], ids=["unconnected", "dead"])
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    world: World = request.param
    return world(tmp_path_factory.mktemp("silent"))


def claims(pages: dict[str, list[str]]) -> Iterator[str]:
    for name, lines in pages.items():
        for line in lines:
            said = f"{name}: {line.strip()}"
            left = said
            for excuse in EXCUSED:
                left = excuse.sub("", left)
            if CLAIMS.search(left):
                yield said[:240]


def test_nothing_is_said_to_have_reached_anybody(pages: dict[str, list[str]]) -> None:
    assert list(claims(pages)) == []


def test_the_pages_that_tell_are_read(pages: dict[str, list[str]]) -> None:
    for name in (
        "publish",
        "revision",
        "illness",
        "swaps",
        "duty-check",
        "own",
        "system",
        "readiness",
        "incident-open",
    ):
        assert pages[name][0] == "status 200", name


def test_a_claim_would_be_found() -> None:
    said = {"publish": ["p | 12 người được báo tin"], "illness": ["small | O1: đã hỏi lúc 10:51"]}
    assert len(list(claims(said))) == 2
