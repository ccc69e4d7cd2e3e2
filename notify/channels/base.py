"""What a channel is: it opens a line, then hands over one letter and says what the other side answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


class ChannelError(Exception):
    """The letter was not accepted. ``permanent``: trying this address again cannot help.

    ``answer`` is what the other side said, or what went wrong, on one line. ``gateway``: the gateway itself is at
    fault, not this letter: another gateway, or another time, may do better. ``unsure``: no answer came, so the other
    side may have taken it all the same. ``elsewhere``: nothing is wrong, but only another gateway can carry this.
    """

    def __init__(
        self,
        answer: str,
        *,
        permanent: bool = False,
        gateway: bool = False,
        unsure: bool = False,
        elsewhere: bool = False,
    ) -> None:
        super().__init__(answer)
        self.answer = answer
        self.permanent = permanent
        self.gateway = gateway
        self.unsure = unsure
        self.elsewhere = elsewhere


@dataclass(frozen=True)
class CarriedLetter:
    """What is carried. ``message_id`` stays the same however often it is tried."""

    address: str
    recipient: str
    subject: str
    body: str
    message_id: str
    urgent: bool
    created_at: datetime
    link: str = ""
    """The recipient's own secret address, for channels that carry it apart from the words."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What short texts are made of (``notify.bundles.composing``)."""


@dataclass(frozen=True)
class Accepted:
    """The other side's words of acceptance, and its number for the message, if it gave one."""

    answer: str
    provider_id: str = ""


class Channel(Protocol):
    """One sender thread's lines to the gateways of one kind; never shared between threads."""

    def is_local(self, address: str) -> bool:
        """Whether ``address`` is reached through this machine alone (loopback): what may carry words to demo people."""

    def gateways(self, address: str) -> tuple[str, ...]:
        """Names (as breakers know them) of the gateways that can carry to ``address``, in the order of trying."""

    def open(self, gateway: str) -> None:
        """Make sure that the line is up. Raises ``ChannelError``."""

    def words(self, letter: CarriedLetter, gateway: str) -> str:
        """Return what a person is given to read or hear of ``letter`` through ``gateway``; empty when it carries
        nothing."""

    def send(self, letter: CarriedLetter, gateway: str) -> Accepted:
        """Hand ``letter`` over on the open line. Raises ``ChannelError``."""

    def close(self) -> None:
        """Let go of the lines; never raises."""
