"""What is sent to an address about itself: a code, a trial, a warning that it was taken away.

Short, because the same words go by text message and are read out by a voice; in the recipient's language.
"""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext as _

from core import i18n
from people.accounts import queries as account_queries
from people.models import Person

Words = tuple[str, str]
"""Subject and body."""
BRIEF = ("sms", "voice", "push")
"""Channels with room for a sentence or two."""


def language_of(person: Person) -> str:
    """The language of the person's account; Vietnamese without one."""
    account = account_queries.user_of_person(person.id)
    return account.locale if account is not None and account.locale in i18n.LOCALES else "vi"


def extras(person: Person, channel: str) -> dict[str, Any]:
    """Return what ``outbox.enqueue`` takes besides: a notification says in which language it is and where a tap
    leads."""
    if channel != "push":
        return {}
    return {"link": f"{current_app.config['PUBLIC_URL']}/me/reach", "facts": {"language": language_of(person)}}


def code(person: Person, channel: str, digits: str, minutes: int) -> Words:
    """The words that carry a code of six ``digits``, good for ``minutes``."""
    with force_locale(language_of(person)):
        # A voice reads 482913 as a number; digits apart are read one by one, and said twice they can be written down.
        said = ", ".join(digits) if channel == "voice" else digits
        line = _("Trực Tết: mã xác nhận liên lạc là %(code)s, dùng trong %(n)s phút.", code=said, n=minutes)
        if channel == "voice":
            again = _("Xin nhắc lại: %(code)s.", code=said)
            return _("Mã xác nhận liên lạc"), f"{line} {again}"
        if channel in BRIEF:
            return _("Mã xác nhận liên lạc"), line
        greeting = _("Kính gửi %(name)s,", name=person.full_name)
        note = _("Nhập mã này ở trang Cách liên lạc. Không yêu cầu mã này thì bỏ qua thư; không ai được hỏi mã này.")
        # The subject stays in the outbox when the words are gone: no code in it.
        return _("Mã xác nhận liên lạc"), f"{greeting}\n\n{line}\n{note}\n"


def trial(person: Person, channel: str, clock_time: str) -> Words:
    """The words of a trial; ``clock_time`` as shown, so that several trials are told apart."""
    with force_locale(language_of(person)):
        subject = _("Trực Tết gửi thử lúc %(time)s", time=clock_time)
        line = _("Trực Tết gửi thử lúc %(time)s: khi có sự cố, đồng chí được báo theo cách này.", time=clock_time)
        if channel in BRIEF:
            return subject, line
        greeting = _("Kính gửi %(name)s,", name=person.full_name)
        note = _("Đây là tin thử, không có sự cố nào. Không cần trả lời.")
        mine, link = _("Cách liên lạc của tôi"), f"{current_app.config['PUBLIC_URL']}/me/reach"
        return subject, f"{greeting}\n\n{line}\n{note}\n\n{mine}: {link}\n"


def taken_away(person: Person, channel: str, by: str) -> Words:
    """Return what is written to an address that was removed or replaced just now."""
    with force_locale(language_of(person)):
        subject = _("Trực Tết không còn báo qua địa chỉ này")
        line = _(
            "Trực Tết: địa chỉ này vừa được %(by)s gỡ khỏi cách liên lạc của %(name)s.", by=by, name=person.full_name
        )
        return subject, _unless_wrong(line, channel)


def made_shared(person: Person, channel: str, by: str) -> Words:
    """Return what is written to an own address that somebody said is an office's just now."""
    with force_locale(language_of(person)):
        subject = _("Trực Tết: địa chỉ này được ghi là của chung")
        line = _("Trực Tết: %(by)s vừa ghi địa chỉ này của %(name)s là của chung đơn vị.", by=by, name=person.full_name)
        return subject, _unless_wrong(line, channel)


def given(person: Person, channel: str, by: str) -> Words:
    """Return what is written to the other addresses of somebody who was given one more just now, by another's hand."""
    with force_locale(language_of(person)):
        subject = _("Trực Tết: thêm một cách liên lạc")
        line = _("Trực Tết: %(by)s vừa thêm một cách liên lạc cho %(name)s.", by=by, name=person.full_name)
        return subject, _unless_wrong(line, channel)


def _unless_wrong(line: str, channel: str) -> str:
    """Return what somebody else did, and whom to tell where that was not right; where there is room for that."""
    if channel in BRIEF:
        return line
    note = _("Nếu việc này không đúng, đề nghị báo ngay quản lý đơn vị.")
    return f"{line}\n{note}\n"
