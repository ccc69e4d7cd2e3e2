"""Whose sign-in is reset, closed or opened by somebody else hears of it on every address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.actor import Actor
from core.db import db, transaction
from notify.models import Message
from people.access import guard
from people.accounts import queries as account_queries, services as accounts
from tests.support.enterprise import NOW

pytestmark = pytest.mark.both_dbs


def actor(ids: dict[str, int], login: str) -> Actor:
    return guard.actor_of(account_queries.user_by_id(ids[f"user:{login}"]))


def heard(name: str) -> list[tuple[str, str]]:
    rows = db.session.scalars(select(Message).where(Message.recipient == name).order_by(Message.id))
    return [(each.address, each.body) for each in rows]


def test_a_reset_is_told_on_every_address_when_issued_and_when_used(
    ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bình has a mail and a phone; both hear that An issued a reset, and again that a password was set by it."""
    monkeypatch.setattr("people.notification_rules.ladders.carried", lambda: frozenset({"email", "sms"}))
    slip = accounts.invite([ids["user:bi1"]], now=NOW, actor=actor(ids, "an1"))[0]
    assert sorted(address for address, _body in heard("Trần Thị Bình")) == ["0900000102", "bi1@buudien.example"]
    assert all("Nguyễn Văn An đã cấp phiếu đặt lại mật khẩu" in body for _address, body in heard("Trần Thị Bình"))
    assert not any(slip.token in body for _address, body in heard("Trần Thị Bình"))
    later = NOW + timedelta(minutes=5)
    accounts.accept_invitation(slip.token, "mot-cau-that-dai-2020", now=later)
    assert len([body for _address, body in heard("Trần Thị Bình") if "vừa được đặt lại bằng phiếu" in body]) == 2


def test_closing_and_opening_are_told_and_ones_own_doing_is_not(ids: dict[str, int]) -> None:
    accounts.set_active(ids["user:bi1"], False, now=NOW, actor=actor(ids, "an1"))
    accounts.set_active(ids["user:bi1"], True, now=NOW, actor=actor(ids, "an1"))
    bodies = " ".join(body for _address, body in heard("Trần Thị Bình"))
    assert "đã khóa tài khoản bi1" in bodies
    assert "đã mở lại tài khoản bi1" in bodies
    accounts.invite([ids["user:an1"]], now=NOW, actor=actor(ids, "an1"))
    assert heard("Nguyễn Văn An") == []


def test_a_first_invitation_resets_nothing(ids: dict[str, int]) -> None:
    with transaction():
        account_queries.user_by_id(ids["user:bi1"]).password_hash = None
    accounts.invite([ids["user:bi1"]], now=NOW, actor=actor(ids, "an1"))
    assert heard("Trần Thị Bình") == []
