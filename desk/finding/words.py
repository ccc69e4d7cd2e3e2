"""Why those who are named answer for a unit: its own shift, that of a unit above, or nobody's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _, lazy_gettext as _l

from core.i18n import named
from people.models import DutyKind
from people.reference import KindFact
from roster.resolver.resolution import OnDuty

SHORT = {
    "operations": _l("Điều hành"),
    "emergency": _l("Ứng cứu"),
    "leadership": _l("Lãnh đạo"),
    "support": _l("Hỗ trợ"),
}
"""Beside an hour and two buttons; in the order in which to ring."""
Answers = Sequence[tuple[DutyKind | KindFact, OnDuty]]


def short(kind: DutyKind | KindFact) -> str:
    """A kind of duty in a word or two; of those that the enterprise added its own name."""
    return str(SHORT.get(kind.code) or named(kind))


def turn(code: str) -> int:
    """Whose turn it is to be rung: the lower the sooner."""
    return [*SHORT, code].index(code)


def by_rule(unit_id: int, answers: Answers, names: Mapping[int, str]) -> str:
    """One sentence for all kinds of duty; ``names``: of units by id. Where kinds differ each is named."""
    said: dict[str, list[str]] = {}
    for kind, answer in sorted(answers, key=lambda each: turn(each[0].code)):
        said.setdefault(_who_answers(unit_id, answer, names), []).append(short(kind))
    if len(said) != 1:
        return "; ".join(f"{', '.join(kinds)}: {who}" for who, kinds in said.items())
    who, is_own = next(iter(said)), all(each.unit_id == unit_id for _kind, each in answers)
    is_rostered = all(each.is_assigned for _kind, each in answers)
    return _("Không có ca riêng: %(who)s", who=who) if is_rostered and not is_own else who[:1].upper() + who[1:]


def _who_answers(unit_id: int, answer: OnDuty, names: Mapping[int, str]) -> str:
    if not answer.is_assigned:
        return {
            "standing_chain": _("chưa phân công, gọi theo danh sách thường trực"),
            "catch_all": _("chưa phân công, gọi người nhận sau cùng"),
        }[answer.rule]
    if answer.unit_id == unit_id:
        return _("đơn vị tự trực")
    return _("%(unit)s trực", unit=names.get(answer.unit_id, ""))
