"""Bắt đầu: what a new installation does first, and how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.db import db
from core.observability import heartbeat
from notify import outbox
from notify.credit import services as credit
from notify.gateways.services import Ready
from people.accounts import ownership
from people.models import Person, Unit, User
from people.notification_rules import ladders
from roster.campaigns.models import Campaign
from roster.models import DraftAssignment, Rehearsal
from roster.sources.models import Demand


def steps(*, now: datetime) -> list[dict[str, Any]]:
    """Steps in order, each done, now (the first that is not done) or todo."""
    found = [{"done": done, **words} for done, words in (*_people(), *_machine(now), *_roster())]
    pending = [step for step in found if not step["done"]]
    for step in found:
        step["state"] = "done" if step["done"] else "now" if step is pending[0] else "todo"
    return found


def _people() -> Iterator[tuple[bool, dict[str, str]]]:
    """Who there is, how to reach them, and how they sign in."""
    people, units = _count(Person), _count(Unit)
    yield (
        people > 0,
        _words(
            _("Đơn vị và nhân sự"),
            _(
                "%(units)s đơn vị, %(n)s người. Nhập từ tệp Excel hoặc CSV, xem trước rồi mới ghi.",
                units=units,
                n=people,
            ),
            "/import/",
            _("Nhập dữ liệu"),
        ),
    )
    carried = ladders.carried()
    unreachable = people - _reachable() if carried else people
    yield (
        people > 0 and unreachable == 0,
        _words(
            _("Cách liên lạc của mọi người"),
            _("%(n)s người hệ thống chưa gọi được: chỉ gọi được bằng tay.", n=unreachable)
            if unreachable
            else _("Ai cũng có cách để hệ thống gọi."),
            "/people/",
            _("Xem danh bạ"),
        ),
    )
    waiting = _waiting()
    yield (
        people > 0 and waiting == 0,
        _words(
            _("Tài khoản"),
            _("%(n)s người chưa vào hệ thống lần nào.", n=waiting) if waiting else _("Mọi người đã vào hệ thống."),
            "/people/accounts",
            _("In phiếu mời"),
        ),
    )
    yield _addresses(people)


def _machine(now: datetime) -> Iterator[tuple[bool, dict[str, str]]]:
    """Yield what sends and calls."""
    mail = outbox.has_gateway()
    yield (
        mail,
        _words(
            _("Gửi thư"),
            _("Thư gửi qua máy chủ đã khai báo.")
            if mail
            else _("Chưa khai báo MAIL_URL: thư được giữ lại ở Tin chờ gửi."),
            "/outbox/",
            _("Tin chờ gửi"),
        ),
    )
    yield from _credit()
    yield (
        heartbeat.is_alive(now=now),
        _words(_("Máy báo động"), _("Tiến trình gọi người trực và gửi thư phải luôn chạy."), "/", _("Về Bàn trực")),
    )


def _credit() -> Iterator[tuple[bool, dict[str, str]]]:
    """Yield what is left to pay providers with, where one of them tells."""
    watched = credit.watched()
    low = [_bare(ready) for ready, seen in watched if seen is not None and seen.low_since is not None]
    unknown = [_bare(ready) for ready, seen in watched if not credit.is_known(ready, seen)]
    if watched:
        if low:
            said = _("Sắp hết tiền hoặc hạn mức: %(names)s. Đề nghị nạp thêm trước ca trực.", names=", ".join(low))
        elif unknown:
            said = _("Chưa hỏi được số dư của %(names)s.", names=", ".join(unknown))
        else:
            said = _("Các cổng có theo dõi đều còn đủ.")
        yield not low + unknown, _words(_("Số dư cổng gửi tin"), said, "/gateways/", _("Xem các cổng"))


def _bare(ready: Ready) -> str:
    return ready.name.partition("/")[2]


def _addresses(people: int) -> tuple[bool, dict[str, str]]:
    """Whose own an address is: it signs in one person."""
    odd, shared = len(ownership.logins_like_addresses()), ownership.many_shared()
    if odd:
        said = _("%(n)s tên đăng nhập giống số điện thoại hoặc thư: hãy tạo tài khoản có tên khác.", n=odd)
    elif shared:
        said = _("%(n)s địa chỉ là của chung: vẫn gọi được, không ai đăng nhập bằng địa chỉ chung.", n=shared)
    else:
        said = _("Mỗi địa chỉ là của một người, và chỉ người đó đăng nhập được bằng nó.")
    return people > 0 and not odd, _words(_("Địa chỉ để đăng nhập"), said, "/people/accounts", _("Xem tài khoản"))


def _roster() -> Iterator[tuple[bool, dict[str, str]]]:
    """From demand to rehearsal."""
    yield (
        _count(Demand) > 0,
        _words(
            _("Nhu cầu trực"),
            _("Mỗi đơn vị cần bao nhiêu người, ca nào, trước, trong và sau Tết."),
            "/roster/demand/",
            _("Khai báo nhu cầu"),
        ),
    )
    yield (
        _count(Campaign) > 0,
        _words(_("Đợt trực"), _("Chọn Tết và ngày bắt đầu, kết thúc."), "/roster/campaigns/new", _("Tạo đợt trực")),
    )
    yield (
        _count(DraftAssignment) > 0,
        _words(_("Xếp lịch"), _("Xếp tự động, rồi sửa và ghim từng ô."), "/roster/", _("Mở lịch trực")),
    )
    published = db.session.scalar(select(func.count()).select_from(Campaign).where(Campaign.revision > 0)) or 0
    yield (
        published > 0,
        _words(
            _("Ban hành"),
            _("Lịch được ban hành mới là lịch mà mọi người nhận và máy gọi theo."),
            "/roster/",
            _("Mở lịch trực"),
        ),
    )
    yield (
        _count(Rehearsal) > 0,
        _words(
            _("Diễn tập"),
            _("Thử lịch Tết ngay hôm nay: mọi trang và thư đều ghi DIỄN TẬP."),
            "/roster/",
            _("Chọn đợt để diễn tập"),
        ),
    )


def _words(title: str, text: str, url: str, button: str) -> dict[str, str]:
    return {"title": title, "text": text, "url": url, "button": button}


def _count(model: Any) -> int:
    return int(db.session.scalar(select(func.count()).select_from(model)) or 0)


def _reachable() -> int:
    return len(ladders.reachable_ids(list(db.session.scalars(select(Person.id)))))


def _waiting() -> int:
    with_password = select(User.person_id).where(User.password_hash.is_not(None), User.person_id.is_not(None))
    statement = select(func.count()).select_from(Person).where(Person.active, Person.id.not_in(with_password))
    return int(db.session.scalar(statement) or 0)
