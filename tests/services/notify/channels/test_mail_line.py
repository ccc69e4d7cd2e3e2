"""The line to a mail server: kept, mended, and never waited for longer than promised."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from notify.channels.base import CarriedLetter, ChannelError
from notify.channels.email import EmailChannel, MailServer, parse_url
from tests.support.live import dead_port, free_port
from tests.support.smtp_sink import SmtpSink, smtp_sink

LETTER = CarriedLetter(
    "an@vidu.vn", "An", "Sự cố", "Đề nghị tiếp nhận.", "<1@vidu.vn>", True, datetime(2020, 1, 24, tzinfo=UTC)
)


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with smtp_sink() as server:
        yield server


def send(channel: EmailChannel) -> str:
    channel.open()
    return channel.send(LETTER).answer


def test_a_server_that_says_nothing_is_left_after_the_promised_time(
    sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float | None] = []
    settle = socket.socket.settimeout

    def noted(line: socket.socket, seconds: float | None) -> None:
        if line.type == socket.SOCK_STREAM and threading.current_thread() is threading.main_thread():
            waits.append(seconds)
        settle(line, seconds)

    monkeypatch.setattr(socket.socket, "settimeout", noted)
    channel = EmailChannel(parse_url(sink.url), "truc@vidu.vn", within=0.5)
    sink.script[:] = ["hang"]
    with pytest.raises(ChannelError) as left:
        send(channel)
    assert waits[-1] == 0.5, "what it waits for the answer to a letter"
    assert not left.value.permanent
    assert send(channel).startswith("250"), "the next attempt has a fresh line"


def test_a_server_that_is_not_there_is_a_passing_fault() -> None:
    with dead_port() as port, pytest.raises(ChannelError) as refused:
        EmailChannel(parse_url(f"smtp://127.0.0.1:{port}"), "truc@vidu.vn").open()
    assert not refused.value.permanent


def test_a_password_is_not_told_to_a_distant_server_in_the_clear(
    sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = EmailChannel(parse_url(sink.url.replace("smtp://", "smtp://truc:mat-khau@")), "truc@vidu.vn")
    monkeypatch.setattr(MailServer, "is_local", False)
    with pytest.raises(ChannelError, match="STARTTLS") as refused:
        channel.open()
    assert not refused.value.permanent
    assert sink.arrivals == []


def test_a_kept_line_that_went_dead_is_replaced() -> None:
    port = free_port()
    channel = EmailChannel(parse_url(f"smtp://127.0.0.1:{port}"), "truc@vidu.vn")
    for _server in range(2):
        with smtp_sink(port) as sink:
            assert send(channel).startswith("250")
            assert send(channel).startswith("250")
            assert (len(sink.arrivals), sink.connections) == (2, 1)


def test_a_refused_letter_does_not_spoil_the_line(sink: SmtpSink) -> None:
    channel = EmailChannel(parse_url(sink.url), "truc@vidu.vn")
    sink.script[:] = ["rcpt 550 no such person"]
    with pytest.raises(ChannelError) as refused:
        send(channel)
    assert refused.value.permanent
    assert send(channel).startswith("250")
    assert sink.connections == 1
