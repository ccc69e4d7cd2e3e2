"""What one carries beside one's group, and why others do not have the shift, as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _, ngettext

from core.i18n import points
from roster.why_me.comparing import Others, PlanBeside
from roster.words import worth
from roster.words.why_not import reason

NAMED = 6
"""People whom one line names; of more it says how many."""


def own_load(found: PlanBeside, kind: str) -> list[str]:
    """Tell the person how much it is, the group's, and which is heavier. ``kind``: the name of the duty."""
    return [
        ngettext(
            "Đồng chí trực %(num)s ca, %(points)s điểm trong đợt này.",
            "Đồng chí trực %(num)s ca, %(points)s điểm trong đợt này.",
            found.shifts,
            points=points(found.points),
        ),
        *_group(found, kind),
        _own_verdict(found),
    ]


def load_of(name: str, found: PlanBeside, kind: str) -> list[str]:
    """The same of somebody else, to whoever plans the roster."""
    return [
        ngettext(
            "%(name)s trực %(num)s ca, %(points)s điểm trong đợt này.",
            "%(name)s trực %(num)s ca, %(points)s điểm trong đợt này.",
            found.shifts,
            name=name,
            points=points(found.points),
        ),
        *_group(found, kind),
    ]


def _group(found: PlanBeside, kind: str) -> list[str]:
    if found.people < 2:
        return [_("Không có ai khác cùng nhóm %(kind)s để so.", kind=kind)]
    return [
        _(
            "Cả nhóm %(kind)s có %(n)s người, trung bình %(mean)s điểm, từ %(low)s đến %(high)s.",
            kind=kind,
            n=found.people,
            mean=points(round(found.mean)),
            low=points(found.lowest),
            high=points(found.highest),
        )
    ]


def _own_verdict(found: PlanBeside) -> str:
    """With what is carried in, because that is what shares are judged by."""
    more = found.load - found.mean_load
    facts = {"points": points(found.load), "mean": points(round(found.mean_load))}
    if abs(more) < worth.NIGHT / 2:
        told = _("Tính cả các Tết trước thì đồng chí %(points)s điểm, ngang mức chung %(mean)s.", **facts)
    elif more > 0:
        told = _(
            "Tính cả các Tết trước thì đồng chí %(points)s điểm, nặng hơn mức chung %(mean)s %(nights)s.",
            nights=worth.nights(more),
            **facts,
        )
    else:
        told = _(
            "Tính cả các Tết trước thì đồng chí %(points)s điểm, nhẹ hơn mức chung %(mean)s %(nights)s.",
            nights=worth.nights(more),
            **facts,
        )
    return told


def own_giao_thua(last: int | None, first: int | None) -> str:
    """``last``: the Tết at which they stood it; ``first``: the oldest that the ledger knows of at all."""
    if last is not None:
        return _("Ca Giao thừa lần trước của đồng chí là Tết %(year)s.", year=last)
    if first is None:
        return _("Sổ chưa có Tết nào trước đợt này.")
    return _("Sổ không ghi đồng chí trực Giao thừa Tết nào từ %(year)s.", year=first)


def against(found: Others, names: Mapping[int, str]) -> list[str]:
    """Who else: those whom the roster keeps away, by name and why; of the others no more than points at nobody."""
    return [*(_named(code, [names[each] for each in ids]) for code, ids in found.named.items()), *_unnamed(found)]


def _unnamed(found: Others) -> list[str]:
    if not found.rest:
        return []
    if found.able is None:
        told = [
            ngettext(
                "%(num)s người còn lại: trực được, hoặc không vì lý do riêng; lý do riêng của mỗi người không nêu ở "
                "đây. Đồng chí có thể hỏi đổi ca.",
                "%(num)s người còn lại: trực được, hoặc không vì lý do riêng; lý do riêng của mỗi người không nêu ở "
                "đây. Đồng chí có thể hỏi đổi ca.",
                found.rest,
            )
        ]
    else:
        told = [
            ngettext(
                "%(num)s người cũng trực được; lịch được cân đối trên cả đợt. Đồng chí có thể hỏi đổi ca.",
                "%(num)s người cũng trực được; lịch được cân đối trên cả đợt. Đồng chí có thể hỏi đổi ca.",
                found.able,
            ),
            *_barred(found.rest - found.able),
        ]
    return [*told, *_heavier(found.heavier)]


def _barred(n: int) -> list[str]:
    if not n:
        return []
    return [
        ngettext(
            "%(num)s người không trực được ca này vì lý do riêng, không nêu ở đây.",
            "%(num)s người không trực được ca này vì lý do riêng, không nêu ở đây.",
            n,
        )
    ]


def _heavier(n: int) -> list[str]:
    if not n:
        return []
    return [
        ngettext(
            "Trong những người không nêu tên, %(num)s người nếu nhận ca này thì nặng hơn đồng chí.",
            "Trong những người không nêu tên, %(num)s người nếu nhận ca này thì nặng hơn đồng chí.",
            n,
        )
    ]


def _named(code: str, who: Sequence[str]) -> str:
    n, listed = len(who), ", ".join(who[:NAMED])
    if n > NAMED:
        listed = _("%(names)s và %(n)s người nữa", names=listed, n=n - NAMED)
    return ngettext(
        "%(num)s người %(why)s: %(names)s.", "%(num)s người %(why)s: %(names)s.", n, why=_why(code), names=listed
    )


def _why(code: str) -> str:
    if code == "peaks.repeat":
        return _("đã trực ngày cao điểm này ở Tết gần đây")
    if code == "peaks.second":
        return _("đã có một ca cao điểm khác trong đợt")
    return reason(code)
