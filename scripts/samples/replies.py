"""For the screens: texts and a missed call that nobody could match, and one that was understood."""

from __future__ import annotations

from core import clock
from duty.inbound_messages import services
from notify.gateways.incoming import IncomingText
from people.models import Person

STRANGER = "0900000777"


def prepare(on_duty: Person) -> dict[str, str]:
    """Kept as a gateway would have reported them: of no gateway that is there."""
    now = clock.now()
    for number, came in enumerate(
        (
            IncomingText("text", on_duty.phone, "Chị ra xe rồi em nhé", "", True),
            IncomingText("call", STRANGER, "", "", True),
            IncomingText("text", "VinaPhone", "Quý khách được tặng 50% giá trị thẻ nạp", "", True),
        )
    ):
        services.take(IncomingText(came.kind, came.sender, came.words, f"screens-{number}", True), 0, now=now)
    return {}
