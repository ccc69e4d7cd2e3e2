"""What a revision changes for one person, in words: whole lines for a letter, dates that fit for a text message.

Giao thừa and Mùng 1 come first: nobody who gets one of them should have to look for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from flask_babel import gettext as _

from core.i18n import dm
from notify import sms_text
from planning.time.points import peaks
from roster.models import Duty, Shift

Turn: TypeAlias = Duty | Shift
"""What a message says of a duty stands in its shift as well."""
_PEAKS = ("giao_thua", "mung_1")
_MATES = 2
"""Names of colleagues that a line holds; of more it says how many."""


@dataclass(frozen=True)
class NoticeTurn:
    """A turn of the person and the names of those who serve it with them."""

    turn: Turn
    mates: tuple[str, ...] = ()

    @property
    def peak(self) -> str:
        """The day that people mind most, if it is one."""
        found = peaks(self.turn.starts_at, self.turn.ends_at)
        return next((each for each in _PEAKS if each in found), "")


@dataclass(frozen=True)
class News:
    """For one person: what they lose and get by a revision, and all that is ahead of them then."""

    lost: tuple[NoticeTurn, ...]
    gained: tuple[NoticeTurn, ...]
    coming: tuple[NoticeTurn, ...]

    @property
    def is_first(self) -> bool:
        """All that is ahead is new, and nothing was taken: there is no change to tell, only the roster."""
        return not self.lost and len(self.gained) == len(self.coming)


def ordered(mine: Iterable[NoticeTurn]) -> tuple[NoticeTurn, ...]:
    """Giao thừa, Mùng 1, then by time."""
    rank = {name: number for number, name in enumerate(_PEAKS)}
    return tuple(sorted(mine, key=lambda each: (rank.get(each.peak, len(_PEAKS)), each.turn.starts_at)))


def peak_name(mine: NoticeTurn) -> str:
    return {"giao_thua": _("Giao thừa"), "mung_1": _("Mùng 1")}.get(mine.peak, "")


def company(mine: NoticeTurn) -> str:
    """“cùng Trần Thị Lan”; empty when nobody else serves that shift."""
    if not mine.mates:
        return ""
    names = ", ".join(mine.mates[:_MATES])
    if len(mine.mates) > _MATES:
        return _("cùng %(names)s và %(n)s người nữa", names=names, n=len(mine.mates) - _MATES)
    return _("cùng %(names)s", names=names)


def counted(news: News) -> str:
    """Return for a subject how much changed; empty on the first roster of the person."""
    if news.is_first:
        return ""
    parts = []
    if news.gained:
        parts.append(_("thêm %(n)s ca", n=len(news.gained)))
    if news.lost:
        parts.append(_("thôi %(n)s ca", n=len(news.lost)))
    return ", ".join(parts)


def brief(
    campaign: str, number: int, news: News, link: str, *, limit: int = sms_text.LIMIT, by_text: bool = False
) -> str:
    """The changes with their dates in one text message: colleagues, then the campaign's name give way, then dates,
    of which it says how many more there are. The link always stays; ``by_text``: and that it can be answered."""
    if by_text and news.coming:
        link = _("trả lời 1, hoặc %(link)s", link=link)
    heads = (
        _("Lịch trực %(name)s bản %(n)s", name=campaign, n=number),
        _("Lịch trực bản %(n)s", n=number),
    )
    texts = [
        _written(heads[0], news, None, link, with_mates=True),
        *(_written(head, news, None, link, with_mates=False) for head in heads),
    ]
    texts += [_written(heads[1], news, shown, link, with_mates=False) for shown in range(_count(news) - 1, -1, -1)]
    fitting = (text for text in texts if sms_text.length(sms_text.ascii_only(text)) <= limit)
    return next(fitting, texts[-1])


def _count(news: News) -> int:
    return len(news.lost) + len(news.gained)


def _written(head: str, news: News, shown: int | None, link: str, *, with_mates: bool) -> str:
    """``shown``: how many turns are named, the weightiest first; ``None`` = all."""
    named = set(map(id, list(_weightiest(news))[:shown]))
    gets = _("trực") if news.is_first else _("thêm")
    groups = ((_("thôi"), news.lost, False), (gets, news.gained, with_mates))
    parts = [
        f"{verb} {', '.join(_short(each, mates) for each in turns if id(each) in named)}"
        for verb, turns, mates in groups
        if any(id(each) in named for each in turns)
    ]
    left = _count(news) - len(named)
    if left:
        parts.append(_("còn %(n)s ca nữa", n=left) if named else _("đổi %(n)s ca", n=left))
    if not news.coming:
        parts.append(_("không còn ca nào sắp tới"))
        return _("%(head)s: %(changes)s. Xem: %(link)s", head=head, changes="; ".join(parts), link=link)
    return _("%(head)s: %(changes)s. Xác nhận: %(link)s", head=head, changes="; ".join(parts), link=link)


def _weightiest(news: News) -> Iterator[NoticeTurn]:
    """A gained and a lost turn in turns: neither side may hide the other."""
    for number in range(max(len(news.gained), len(news.lost))):
        yield from news.gained[number : number + 1]
        yield from news.lost[number : number + 1]


def _short(mine: NoticeTurn, with_mates: bool) -> str:
    parts: Sequence[str] = (peak_name(mine), dm(mine.turn.starts_at), mine.turn.template)
    return " ".join(part for part in (*parts, company(mine) if with_mates else "") if part)
