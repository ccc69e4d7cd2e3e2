"""Escalation policies in words: when they hold, whom they call, after how long."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from core.i18n import duration, named
from incidents.catalogue import queries as catalogue
from incidents.policies.models import SNOOZE_MOST, PolicyTarget, PolicyVersion
from incidents.policies.rules import Target
from incidents.policies.selection import named_in
from incidents.words import severity_word
from people import queries as people
from people.models import Person
from roster.consents import queries as consent_queries
from roster.words.labels import PHASES


@dataclass
class PolicyWords:
    """Names by code and id, looked up once for everything that a page says. ``unit_ids``: a unit and those above."""

    persons: Mapping[int, Person]
    unit_ids: Sequence[int] = ()
    waiting: frozenset[int] = frozenset()
    """Who has not agreed yet to be called by name."""
    kinds: Mapping[str, Any] = field(default_factory=lambda: {each.code: each for each in people.duty_kinds()})
    categories: Mapping[str, Any] = field(
        default_factory=lambda: {each.code: each for each in catalogue.all_categories()}
    )

    @classmethod
    def about(cls, versions: Collection[PolicyVersion], unit_ids: Sequence[int] = ()) -> PolicyWords:
        named_ids = {each for version in versions for each in (*named_in(version), *map(int, version.catch_all))}
        units = {version.unit_id for version in versions if version.unit_id is not None} if named_ids else set()
        waiting = [consent_queries.waiting_in_policies(unit_id) for unit_id in units]
        return cls(people.people_by_ids(named_ids), unit_ids, frozenset().union(*waiting))

    def target(self, target: Target | PolicyTarget) -> str:
        """Whom it means: the duty kind, the person, or whose head."""
        if target.duty is not None:
            return named(self.kinds[target.duty]) if target.duty in self.kinds else target.duty
        if isinstance(target, PolicyTarget) and target.gone is not None:
            return _gone(target.gone)
        if target.head is None:
            return self.person(target.person_id or 0)
        if target.head.isdigit():
            above = self.unit_ids[int(target.head) : int(target.head) + 1]
            names = ", ".join(each.name for each in people.units(above))
            return _("Trưởng đơn vị %(unit)s", unit=names) if names else _("Trưởng đơn vị")
        return str(HEADS[target.head])

    def person(self, person_id: int) -> str:
        person = self.persons.get(person_id)
        if person is None:
            return _("Người không còn trong danh sách")
        name = f"{person.full_name} ({person.code})"
        if person_id in self.waiting:
            return _("%(name)s – chờ đồng ý, tạm gọi lãnh đạo trực", name=name)
        return name if person.active else _("%(name)s – đã nghỉ, không được gọi", name=name)

    def called(self, targets: Iterable[Target | PolicyTarget]) -> str:
        return "; ".join(self.target(each) for each in targets)

    def when(self, version: PolicyVersion) -> list[str]:
        """Its conditions, one sentence each; all must hold."""
        found, given = [], version.conditions
        if given.get("severities"):
            levels = ", ".join(f"{each} ({severity_word(each)})" for each in given["severities"])
            found.append(_("Mức: %(levels)s", levels=levels))
        if given.get("categories"):
            names = (named(self.categories[c]) if c in self.categories else c for c in given["categories"])
            found.append(_("Loại: %(names)s", names=", ".join(names)))
        if given.get("phases"):
            found.append(_("Giai đoạn: %(names)s", names=", ".join(str(PHASES[each]) for each in given["phases"])))
        if given.get("hours"):
            found.append(_("Giờ ghi nhận: từ %(start)s đến %(end)s", start=given["hours"][0], end=given["hours"][1]))
        return found

    def last_resort(self, version: PolicyVersion) -> str:
        """Whom it names last; nothing when it names nobody."""
        there = (self.person(int(each)) for each in version.catch_all)
        return "; ".join((*there, *(_gone(name) for name in version.catch_all_gone)))


def _gone(name: str) -> str:
    return _("%(name)s – đã xóa cùng dữ liệu mẫu", name=name)


def waits(version: PolicyVersion) -> list[str]:
    """Everything about time but the waits between the steps."""
    said = [_("Chưa ai nhận thì gọi lại từ đầu sau %(t)s.", t=duration(version.repeat_after_seconds))]
    most = version.repeat_most_seconds
    if most is not None:
        urgent = duration(min(most, version.urgent_most_seconds))
        said.append(_("Sau ba lượt giãn dần, tối đa %(t)s (mức 1, 2: %(u)s).", t=duration(most), u=urgent))
    said.append(_("Đã nhận mà không có kết quả: gọi lại sau %(t)s.", t=duration(version.ack_timeout_seconds)))
    if version.alive_seconds is not None:
        said.append(_("Im lặng sau khi đã có tin: hỏi lại sau %(t)s.", t=duration(version.alive_seconds)))
    snooze = ", ".join(duration(each) for each in version.snooze_most or SNOOZE_MOST)
    said.append(_("Tạm hoãn dài nhất theo mức 1, 2, 3, 4: %(t)s.", t=snooze))
    said.append(
        _("Người đã được gọi được báo khi có người nhận, khi xong, khi thôi và khi mở lại.")
        if version.tells_end
        else _("Người đã được gọi không được báo việc kết thúc ra sao.")
    )
    return said


HEADS = {
    "own": _l("Trưởng đơn vị nơi xảy ra"),
    "parent": _l("Trưởng đơn vị cấp trên trực tiếp"),
    "all": _l("Trưởng đơn vị và các cấp trên, cùng lúc"),
    "each": _l("Trưởng đơn vị và các cấp trên, lần lượt"),
}
