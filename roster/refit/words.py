"""What a change would do to campaigns, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import select

from core.clock import local_date
from core.db import db
from core.i18n import dm, lunar_short, named, points, span
from people import queries as people
from people.models import Person, Unit
from roster.refit.of_break import CampaignBreak, DayChange
from roster.refit.seats import Columns, KeptAsIs, Key, Refit, key_of, number
from roster.words import labels

MOST = 60
"""Shifts that a list names one by one."""
COLUMNS: dict[str, Any] = {
    "headcount": _l("số người cần"),
    "wanted": _l("số người mong muốn"),
    "skills": _l("kỹ năng"),
    "form": _l("hình thức"),
    "replaces_work": _l("thay giờ làm việc"),
    "legal_ground": _l("căn cứ"),
    "points": _l("điểm"),
}
"""What a shift asks for."""


@dataclass(frozen=True)
class RefitNames:
    """Ids of units and people, and codes of kinds, to names."""

    units: Mapping[int, str]
    people: Mapping[int, str]
    kinds: Mapping[str, str]

    def shift(self, key: Key) -> str:
        unit, duty, template, start, end = key
        kind = self.kinds.get(duty, duty)
        return _(
            "%(duty)s, ca %(shift)s %(when)s, %(unit)s",
            duty=kind,
            shift=template,
            when=span(start, end),
            unit=self.units.get(unit, str(unit)),
        )

    def asked(self, columns: Columns) -> str:
        return f"{self.shift(key_of(columns))}: {number(columns)}"


def names_for(fits: Iterable[Refit]) -> RefitNames:
    ids, units = set[int](), set[int]()
    for fit in fits:
        ids |= {seat.person_id for _shift, seat in fit.removed if seat.person_id is not None}
        ids |= {person for each in fit.kept for person in each.people}
        units |= {shift.key[0] for shift, _seat in fit.removed} | {each.key[0] for each in fit.kept}
        units |= {each["unit_id"] for each in fit.new} | {each.shift.key[0] for each in fit.changed}
    rows = db.session.execute(select(Person.id, Person.full_name).where(Person.id.in_(ids))).tuples()
    of_units = db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(units))).tuples()
    return RefitNames(dict(of_units.all()), dict(rows.all()), {kind.code: named(kind) for kind in people.duty_kinds()})


def day(each: DayChange) -> str:
    """ "26/01 mùng 2: trong → sau Tết, điểm 12 → 8, 14 lượt"."""
    parts = []
    if each.phases[0] != each.phases[1]:
        parts.append(
            _("%(was)s → %(becomes)s", was=labels.PHASES[each.phases[0]], becomes=labels.PHASES[each.phases[1]])
        )
    if each.kinds[0] != each.kinds[1]:
        was, becomes = (labels.DAY_CLASSES[kind] for kind in each.kinds)
        parts.append(_("%(was)s → %(becomes)s", was=was, becomes=becomes))
    if each.points[0] != each.points[1]:
        parts.append(_("điểm %(was)s → %(becomes)s", was=points(each.points[0]), becomes=points(each.points[1])))
    if each.percents[0] != each.percents[1]:
        parts.append(_("giờ làm thêm %(was)s %% → %(becomes)s %%", was=each.percents[0], becomes=each.percents[1]))
    parts += [_("%(n)s lượt", n=each.seats)] if each.seats or not each.begun else []
    parts += [_("%(n)s lượt đã bắt đầu tính lại giờ", n=each.begun)] if each.begun else []
    return f"{dm(each.on)} {lunar_short(each.on)}: {', '.join(parts)}"


def removed(fit: Refit, names: RefitNames) -> list[str]:
    """Shifts with seats that go, with who sits there."""
    found = dict[Key, list[int | None]]()
    for shift, seat in fit.removed:
        found.setdefault(shift.key, []).append(seat.person_id)
    said = []
    for key, sitting in found.items():
        who = [names.people.get(each, str(each)) for each in sitting if each is not None]
        text = _("%(shift)s: bớt %(n)s chỗ", shift=names.shift(key), n=len(sitting))
        said.append(_("%(what)s, đang có %(who)s", what=text, who=", ".join(who)) if who else text)
    return _some(said)


def added(fit: Refit, names: RefitNames) -> list[str]:
    said = [_("%(shift)s chỗ mới", shift=names.asked(each)) for each in fit.new]
    more = [each for each in fit.changed if each.more]
    return _some(
        [*said, *(_("%(shift)s: thêm %(n)s chỗ", shift=names.shift(each.shift.key), n=each.more) for each in more)]
    )


def kept(fit: Refit, names: RefitNames) -> list[str]:
    """Return what the new demand does not ask for, or asks otherwise, and stays as it is."""
    return _some([f"{names.shift(each.key)}: {_why(each, names)}" for each in fit.kept])


def otherwise(fit: Refit, names: RefitNames) -> list[str]:
    """Shifts that stay and ask for something else: "…: hình thức Trực tại nhà → Trực tại chỗ"."""
    said = []
    for each in fit.otherwise:
        parts = [
            _(
                "%(what)s %(was)s → %(becomes)s",
                what=COLUMNS[name],
                was=_value(name, was),
                becomes=_value(name, becomes),
            )
            for name, (was, becomes) in each.otherwise.items()
            if name in COLUMNS and was != becomes
        ]
        said.append(f"{names.shift(each.shift.key)}: {', '.join(parts)}")
    return _some(said)


def _value(name: str, value: Any) -> str:
    if name == "form":
        return str(labels.FORMS[value])
    if name == "points":
        return points(value)
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, dict):
        value = ", ".join(f"{skill}: {number}" for skill, number in value.items())
    return str(value) if value else "–"


def doubled(fit: Refit, names: RefitNames) -> list[str]:
    """Shifts that come beside one of the same kind, name and day that stays with other hours."""
    stay = defaultdict[tuple[int, str, str, date], list[Key]](list)
    for each in fit.kept:
        if each.seats:
            stay[*each.key[:3], local_date(each.key[3])].append(each.key)
    new = [key_of(each) for each in fit.new]
    both = [(key, old) for key in new for old in stay[*key[:3], local_date(key[3])]]
    return _some([_("%(new)s, bên cạnh %(old)s", new=names.shift(key), old=names.shift(old)) for key, old in both])


def followed(fits: Sequence[Refit]) -> str:
    """Return what was done to the campaigns that followed, in a sentence of numbers."""
    every = [each.numbers for each in fits]
    added, gone = sum(each.added for each in every), sum(each.removed for each in every)
    said = _("%(n)s đợt trực đổi theo: thêm %(added)s chỗ, bớt %(gone)s chỗ.", n=len(fits), added=added, gone=gone)
    asks = sum(each.asks for each in every)
    return said + (" " + _("%(n)s ca đòi hỏi khác đi.", n=asks) if asks else "")


def _why(each: KeptAsIs, names: RefitNames) -> str:
    if each.why == "held":
        who = ", ".join(names.people.get(person, str(person)) for person in each.people)
        return _("giữ %(n)s chỗ đang có người: %(who)s", n=each.seats, who=who)
    if each.why == "published":
        return _("giữ %(n)s chỗ đã ban hành", n=each.seats)
    if each.why == "signed":
        what = ", ".join(f"{COLUMNS[name]} {_value(name, value)}" for name, value in each.columns.items())
        return _("đã ban hành nên giữ %(what)s", what=what)
    if each.why == "own":
        return _("nhu cầu của đợt đã sửa riêng, để nguyên")
    return _("ca đã chia, đã bỏ hoặc đã đổi giờ trong đợt, để nguyên")


def _some(said: Sequence[str]) -> list[str]:
    if len(said) <= MOST:
        return list(said)
    return [*said[:MOST], _("và %(n)s ca khác", n=len(said) - MOST)]


def touched(each: CampaignBreak) -> str:
    """The campaign in one sentence of numbers."""
    changed = sum("phase" in columns for columns in each.values.values())
    worth_more = sum("points" in columns for columns in each.values.values())
    seats = each.refit.numbers
    parts = [
        (len(each.days), _("%(n)s ngày", n=len(each.days))),
        (changed, _("%(n)s ca đổi giai đoạn", n=changed)),
        (worth_more, _("%(n)s ca đổi điểm", n=worth_more)),
        (seats.added, _("thêm %(n)s chỗ", n=seats.added)),
        (seats.removed, _("bớt %(n)s chỗ", n=seats.removed)),
        (seats.asks, _("%(n)s ca đòi hỏi khác đi", n=seats.asks)),
        (seats.leaving, _("%(n)s chỗ trong đó đang có người", n=seats.leaving)),
        (each.as_was, _("%(n)s ca đã ban hành giữ điểm cũ", n=each.as_was)),
    ]
    return ", ".join(text for n, text in parts if n)


def unused(each: CampaignBreak) -> list[str]:
    """Phases that have demand and no day of the campaign any more."""
    return [_("Nhu cầu giai đoạn %(phase)s không còn ngày nào.", phase=labels.PHASES[part]) for part in each.unused]
