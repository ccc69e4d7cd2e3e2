"""What several papers of a roster say in the same words: their days, which revision they tell, whom to ring."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _

from core.calendar import lunar
from core.i18n import dt, locale, long_date, t
from people.models import DutyKind
from roster.campaigns.models import Campaign
from roster.draft.shown_days import GridDay
from roster.models import Revision
from roster.papers.published import Published
from roster.publishing.sheet import LongDutyGround
from roster.words import labels


def lunar_day(on: date) -> str:
    """Mùng 1 tháng Giêng; the year stands above."""
    return lunar.day_and_month(lunar.to_lunar(on), locale())


def tet(campaign: Campaign) -> str:
    """Tết Nguyên đán Canh Tý năm 2020"""
    name = lunar.can_chi(campaign.tet_year)
    return _("Tết Nguyên đán %(name)s năm %(year)s", name=name, year=campaign.tet_year)


def first_and_last(campaign: Campaign) -> str:
    return _(
        "từ %(first)s (%(moon)s) đến hết %(last)s (%(until)s)",
        first=long_date(campaign.starts_on),
        moon=lunar_day(campaign.starts_on),
        last=long_date(campaign.ends_on),
        until=lunar_day(campaign.ends_on),
    )


def which(revision: Revision) -> str:
    """Return which list it is, so that two of them can be told apart."""
    return _("bản số %(n)s, ban hành lúc %(at)s", n=str(revision.number), at=dt(revision.published_at))


def hours(starts_at: datetime, ends_at: datetime) -> str:
    return f"{t(starts_at)}–{t(ends_at)}"


def remarks(on: date, day: GridDay | None) -> str:
    """Giao thừa, lễ, nghỉ bù …"""
    eve = [_("Giao thừa")] if lunar.is_giao_thua(lunar.to_lunar(on)) else []
    kind = [str(labels.DAY_CLASSES[day.kind])] if day is not None and day.kind != "ordinary" else []
    return "; ".join([*eve, *kind])


def weekday_and_date(on: date) -> str:
    return long_date(on).replace(", ", " ")


def ground(each: LongDutyGround, kind: DutyKind | None) -> str:
    """Return what the employer states for a long shift on site."""
    return _(
        "%(duty)s, ca %(shift)s, %(unit)s – căn cứ do đơn vị nêu cho ca trực tại chỗ dài: %(text)s",
        duty=kind.name_vi if kind and locale() == "vi" else kind.name_en if kind else each.duty,
        shift=each.template,
        unit=each.unit_name,
        text=each.text,
    )


def extract_of(told: Published) -> str:
    """Return what an extract was taken from."""
    return _("Trích lịch trực “%(name)s”, %(which)s.", name=told.campaign.name, which=which(told.revision))
