"""Logging as text for people or JSON for machines, UTC, one line an event (CR/LF safe), no tokens."""

from __future__ import annotations

import json
import logging
import re
import sys
import time

from flask import Flask

from core.observability.outages import OncePerMinute

# The longer addresses first: what stands before a token is left, and the rest of the line is not looked at again.
SECRET_PATH = re.compile(
    r"(/(?:v/b|v/r|bao/xem|p/me|l/[iu]|a|b|i|l|bao|diem|v|feeds|first|invite|intake/\w+|gateways/\d+/report)/)"
    r"[\w.-]+(?:/files/[\w.-]+)?"
)


class OneLine(logging.Formatter):
    """Text, with line breaks escaped and secret links masked."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        line = SECRET_PATH.sub(r"\1…", super().format(record))
        return line.replace("\r", "\\r").replace("\n", "\n  " if record.exc_info else "\\n")


class Json(OneLine):
    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        text = SECRET_PATH.sub(r"\1…", record.getMessage())
        event = {"at": at, "level": record.levelname.lower(), "logger": record.name, "message": text}
        if record.exc_info:
            event["exception"] = SECRET_PATH.sub(r"\1…", self.formatException(record.exc_info))
        return json.dumps(event, ensure_ascii=False)


def init(app: Flask) -> None:
    handler = logging.StreamHandler(sys.stderr)
    plain = OneLine("%(asctime)sZ %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(Json() if app.config["LOG_FORMAT"] == "json" else plain)
    handler.addFilter(OncePerMinute())
    app.logger.handlers = [handler]
    app.logger.propagate = False
    app.logger.setLevel(logging.INFO)
    # What the packages say for themselves goes the same way, unless logging has been set up already.
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
