"""The reader's language; Vietnamese dates and lunar dates for templates (Python's strftime has no reliable vi)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, cast

from babel.dates import format_date
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, Domain, get_locale, gettext as _, lazy_gettext as _l
from flask_login import current_user
from jinja2 import pass_context
from jinja2.runtime import Context

from core import clock, errors, text
from core.calendar import dates, lunar

LOCALES = ("vi", "en")
WEEKDAYS = (
    _l("Thứ Hai"),
    _l("Thứ Ba"),
    _l("Thứ Tư"),
    _l("Thứ Năm"),
    _l("Thứ Sáu"),
    _l("Thứ Bảy"),
    _l("Chủ nhật"),
)
VIETNAMESE_MARKS = str.maketrans(",.", ".,")
NAMES = frozenset({"id", "year", "first", "last", "code", "row", "number", "revision", "edition"})
"""Placeholders whose numbers say which one and not how many: "năm 2027", "dòng 1053"."""
WEEKDAYS_SHORT = (_l("T2"), _l("T3"), _l("T4"), _l("T5"), _l("T6"), _l("T7"), _l("CN"))


def select_locale() -> str:
    """Return this browser's choice on the page; else that of the account, signed in or known by a link; else, of a call
    of the API, English where that alone is asked for; else Vietnamese."""
    if not has_request_context():
        return "vi"
    chosen = session.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    if getattr(current_user, "is_authenticated", False) and current_user.locale in LOCALES:
        return str(current_user.locale)
    if g.get("reader_locale") in LOCALES:
        return str(g.reader_locale)
    return request.accept_languages.best_match(LOCALES, "vi") if _is_english_api_client() else "vi"


def _is_english_api_client() -> bool:
    # Browsers in Vietnam often say only en: a page begins in Vietnamese. A program means what it says.
    languages = [value.split("-")[0] for value, _q in request.accept_languages]
    return bool(languages) and "vi" not in languages and request.path.startswith("/api/")


def locale() -> lunar.Lang:
    """The language in force: the reader's, or the one forced for a letter or a feed."""
    chosen = get_locale()
    return "en" if chosen is not None and chosen.language == "en" else "vi"


def named(row: Any) -> str:
    """The name of a table row that carries ``name_vi`` and ``name_en``, in the reader's language."""
    return str(row.name_en if locale() == "en" else row.name_vi)


def d(value: date | datetime) -> str:
    """25/01/2020 (local date of a moment)."""
    day = clock.local_date(value) if isinstance(value, datetime) else value
    return f"{day:%d/%m/%Y}"


def dm(value: date | datetime) -> str:
    """25/01"""
    return d(value)[:5]


def t(value: datetime) -> str:
    """02:10 (local)."""
    return f"{clock.local(value):%H:%M}"


def dt(value: datetime) -> str:
    """02:10 25/01/2020 (local)."""
    return f"{t(value)} {d(value)}"


def dts(value: datetime) -> str:
    """02:10:07 25/01/2020 (local), for timelines."""
    return f"{clock.local(value):%H:%M:%S} {d(value)}"


def weekday(value: date | datetime, short: bool = False) -> str:
    day = clock.local_date(value) if isinstance(value, datetime) else value
    return str((WEEKDAYS_SHORT if short else WEEKDAYS)[day.weekday()])


def month(value: date, year: bool = True) -> str:
    """Tháng 2/2027, February 2027; or without the year."""
    pattern = ("LLLL/y" if locale() == "vi" else "LLLL y") if year else "LLLL"
    return str(format_date(value, pattern, locale=locale()))


def long_date(value: date | datetime) -> str:
    """Thứ Bảy, 25/01/2020"""
    return f"{weekday(value)}, {d(value)}"


def lunar_long(value: date | datetime) -> str:
    """Mùng 1 tháng Giêng năm Canh Tý"""
    day = clock.local_date(value) if isinstance(value, datetime) else value
    return lunar.long_name(lunar.to_lunar(day), lang=locale())


def lunar_short(value: date | datetime) -> str:
    day = clock.local_date(value) if isinstance(value, datetime) else value
    return lunar.short_label(lunar.to_lunar(day), locale())


def span(starts_at: datetime, ends_at: datetime) -> str:
    """07:30 25/01 – 07:30 26/01; the second date only when it differs."""
    end = t(ends_at) if clock.local_date(starts_at) == clock.local_date(ends_at) else f"{t(ends_at)} {dm(ends_at)}"
    return f"{t(starts_at)} {dm(starts_at)} – {end}"


def duration(seconds: float) -> str:
    """A wait in words: "20 giây", "5 phút", "2 giờ 05 phút"."""
    whole = max(0, round(seconds))
    if whole < 120 and whole % 60:
        return _("%(n)s giây", n=whole)
    minutes, hours = whole // 60 % 60, whole // 3600
    if hours:
        return _("%(h)s giờ %(m)s phút", h=hours, m=f"{minutes:02d}") if minutes else _("%(h)s giờ", h=hours)
    return _("%(m)s phút", m=minutes)


def points(hundredths: int | float) -> str:
    """Points with one decimal, written as the reader writes numbers: 1.017,5 (English 1,017.5)."""
    return written(f"{hundredths / 100:,.1f}")


def written(shown: str) -> str:
    """A number as Python writes it ("1,017.5") with the marks of the reader's language."""
    return shown.translate(VIETNAMESE_MARKS) if locale() == "vi" else shown


def counted(count: Any) -> Any:
    """How many, as the reader writes it: 1.040 (English 1,040); what is no whole number stays as it is, markup too."""
    return written(f"{count:,}") if isinstance(count, int) else count


def in_sentence(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a sentence: its numbers as :func:`counted`, but for those that name something (``NAMES``)."""
    return {
        name: counted(value) if isinstance(value, int) and name not in NAMES else value
        for name, value in values.items()
    }


def percent(share: float, digits: int = 0) -> str:
    """A share of one as the reader writes it: 42,5 % (English 42.5%)."""
    shown = written(f"{share * 100:,.{digits}f}")
    return f"{shown}\u00a0%" if locale() == "vi" else f"{shown}%"


FILTERS = {
    "d": d,
    "dm": dm,
    "t": t,
    "dt": dt,
    "dts": dts,
    "weekday": weekday,
    "month": month,
    "long_date": long_date,
    "lunar_long": lunar_long,
    "lunar_short": lunar_short,
    "duration": duration,
    "points": points,
    "percent": percent,
    "counted": counted,
    "phone": text.format_phone,
    "dialled": text.dialled,
    "zalo": text.zalo,
    "named": named,
    "day_shown": dates.day_shown,
    "moment_shown": dates.moment_shown,
}


class _Sentences(Domain):
    """Every sentence of the program, in Python and in templates, writes its numbers as its reader does."""

    def gettext(self, string: str, **variables: Any) -> str:
        return super().gettext(string, **in_sentence(variables))

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        said = str(self.get_translations().ungettext(singular, plural, num))
        return said % in_sentence({"num": num} | variables)

    def pgettext(self, context: str, string: str, **variables: Any) -> str:
        return super().pgettext(context, string, **in_sentence(variables))


class _Babel(Babel):
    @cached_property
    def domain_instance(self) -> Domain:
        return _Sentences(domain=self.domain)


def init(app: Flask) -> None:
    errors.write_values_by(in_sentence)
    _Babel(app, locale_selector=select_locale, default_timezone="Asia/Ho_Chi_Minh")
    app.jinja_env.filters.update(FILTERS)
    for name in ("gettext", "ngettext", "pgettext"):
        app.jinja_env.globals[name] = _counting(cast(Callable[..., Any], app.jinja_env.globals[name]))
    app.jinja_env.globals.update(span=span, days=lambda n: timedelta(days=n), get_locale=select_locale)


def _counting(known: Callable[..., Any]) -> Callable[..., Any]:
    """The same for what a template calls, which does not go through the domain."""

    @pass_context
    def worded(context: Context, *said: Any, **variables: Any) -> Any:
        plural = {"num": said[2]} if len(said) == 3 else {}
        return known(context, *said, **in_sentence(plural | variables))

    return worded
