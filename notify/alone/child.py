"""The sender process from inside: one claim a line on its standard input, carried and noted before the next is read.

The claim is its parent's, and so is the lease: what it notes is fenced by both, as everywhere.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import IO, Any

from flask import Flask
from sqlalchemy.exc import DBAPIError

from notify import claims, delivery
from notify.alone.process import AGAIN, DONE, READY
from notify.channels.registry import Channels

log = logging.getLogger(__name__)


def serve(app: Flask) -> None:
    """Serve until there are no more lines."""
    said = _own_stdout()
    lines = Channels(app.config)
    print(READY, file=said, flush=True)
    for order in sys.stdin:
        with app.app_context():
            print(_carry(json.loads(order), lines), file=said, flush=True)
    lines.close()


def order_of(claimed: claims.ClaimedMessages) -> dict[str, Any]:
    """A claim as its line says it: the words stay in the database."""
    attempts = {str(part.id): part.attempt for part in claimed.parts}
    return {"owner": claimed.owner, "attempts": attempts, "plain": claimed.plain}


def _carry(order: dict[str, Any], lines: Channels) -> str:
    attempts = {int(message_id): attempt for message_id, attempt in order["attempts"].items()}
    try:
        claimed = claims.in_hand(order["owner"], attempts, plain=order["plain"])
        if claimed is not None:
            delivery.carry(claimed, lines)
    except DBAPIError:
        log.exception("the sender process lost the database")
        return AGAIN
    return DONE


def _own_stdout() -> IO[str]:
    """What anything else prints goes where complaints go."""
    said = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return said
