"""What a channel is: it opens a line, then hands over one letter and says what the other side answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class ChannelError(Exception):
    """The letter was not accepted. ``permanent``: trying this address again cannot help.

    ``answer`` is what the other side said, or what went wrong, on one line.
    """

    def __init__(self, answer: str, *, permanent: bool = False) -> None:
        super().__init__(answer)
        self.answer = answer
        self.permanent = permanent


@dataclass(frozen=True)
class Letter:
    """What is carried. ``message_id`` stays the same however often it is tried."""

    address: str
    recipient: str
    subject: str
    body: str
    message_id: str
    urgent: bool
    created_at: datetime


class Channel(Protocol):
    """One sender thread's line to a gateway; never shared between threads."""

    @property
    def is_local(self) -> bool:
        """Whether the gateway is this machine (loopback): the only one that may carry words to demo people."""

    def open(self) -> None:
        """Make sure that the line is up. Raises ``ChannelError``."""

    def send(self, letter: Letter) -> str:
        """Hand ``letter`` over on the open line; the other side's words of acceptance. Raises ``ChannelError``."""

    def close(self) -> None:
        """Let go of the line; never raises."""
