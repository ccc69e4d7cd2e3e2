"""After a restore every page says that sending is paused; a manager or administrator chooses, and calls go on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from core.models import AuditEntry, Setting
from core.observability import heartbeat
from desk.audit import auditor
from incidents.escalation import engine, resuming
from incidents.record.models import Escalation
from notify import delivery, pause
from notify.models import Message
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, NIGHT, Night

HOUR = timedelta(hours=1)
BANNER = "Đang tạm dừng gửi tin."
pytestmark = pytest.mark.both_dbs


def log(night: Night, title: str, now: datetime) -> int:
    return night.log(title, severity=2, now=now).id


@pytest.fixture
def restored(night: Night) -> Night:
    """An incident that was called once; an hour later the copy that remembers it was brought back."""
    log(night, "Cũ", NIGHT)
    engine.escalate_due(NIGHT)
    with transaction() as session:
        session.add(Setting(key=pause.KEY, value=pause.value(NIGHT + HOUR, NIGHT)))
    return night


def states() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Message.state)))


def test_every_page_says_it_and_only_who_may_is_led_to_the_choice(client: FlaskClient, restored: Night) -> None:
    with clock.travel(NIGHT + HOUR):
        for login, may in (("bi1", False), ("an1", True)):
            sign_in(client, login)
            for path in ("/", "/incidents/", "/me/"):
                page = client.get(path).get_data(as_text=True)
                assert BANNER in page, path
                assert ('href="/system/sending/"' in page) is may, path
            assert client.get("/system/sending/").status_code == (200 if may else 403)
            client.post("/logout")


def test_nothing_is_claimed_and_it_is_not_ready(client: FlaskClient, restored: Night) -> None:
    heartbeat.beat(heartbeat.WORKER, now=NIGHT + HOUR)
    with clock.travel(NIGHT + HOUR):
        before = states()
        assert delivery.deliver_due(owner="n/0/") == 0
        assert states() == before
        answer = client.get("/readyz")
        assert (answer.status_code, answer.get_json()["reasons"]) == (503, ["sending_paused"])
        auditor.inspect(NIGHT + HOUR)
        assert states() == before, "letters about it would only pile up"


def test_skip_takes_old_messages_back_and_waits_anew_and_calls_what_came_since(
    client: FlaskClient, restored: Night
) -> None:
    now = NIGHT + HOUR + timedelta(minutes=5)
    fresh = log(restored, "Mới", now - timedelta(minutes=1))
    sign_in(client, "an1")
    with clock.travel(now):
        page = client.get("/system/sending/").get_data(as_text=True)
        assert "Bỏ qua và gửi tiếp" in page and "Gọi ngay và gửi tiếp" in page
        assert client.post("/system/sending/", data={"how": "perhaps"}).status_code == 422
        assert pause.current() is not None
        assert client.post("/system/sending/", data={"how": "skip"}).status_code == 303
        assert BANNER not in client.get("/").get_data(as_text=True)
    assert set(states()) <= {"cancelled", "held"}
    due = dict(db.session.execute(select(Escalation.incident_id, Escalation.next_at)).tuples().all())
    assert due.pop(fresh) <= now
    assert [now < each <= now + resuming.LONGEST for each in due.values()] == [True]
    actions = db.session.scalars(select(AuditEntry.action)).all()
    assert actions.count("sending.resume") == 1


def test_call_now_fires_each_overdue_step_once(client: FlaskClient, restored: Night) -> None:
    now = NIGHT + HOUR
    assert resuming.resume("call-now", actor=ADMIN, now=now) == resuming.Resumed(0, 0)
    assert "cancelled" not in states()
    assert engine.escalate_due(now) == 1
    assert engine.escalate_due(now) == 0


@pytest.mark.both_dbs("two at once: locks")
def test_the_second_of_two_who_choose_changes_nothing(client: FlaskClient, restored: Night) -> None:
    assert resuming.resume("call-now", actor=ADMIN, now=NIGHT + HOUR) is not None
    assert resuming.resume("skip", actor=ADMIN, now=NIGHT + HOUR) is None
    assert "cancelled" not in states()
