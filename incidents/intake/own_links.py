"""Secret links of this installation in what comes in: whoever answers or forwards one of our letters quotes the
link by which they take the call. An incident is read by many, and leaves by mail and text again.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

from flask import current_app

from core.observability.logs import SECRET_PATH
from incidents.intake.formats import Alarm

_SLASH = r"(?:\\?/|%2F)"
"""As JSON may write it, and as links inside of links do."""


def without(text: str) -> str:
    """``text`` with the secret of each of our links taken out; links of others stay as they are."""
    home = urlsplit(current_app.config["PUBLIC_URL"])
    if (home.hostname or "") not in text.lower():
        return text
    return _ours(home.netloc).sub(r"\1\2…", text)


def alarm_without(alarm: Alarm) -> Alarm:
    """The same of all that is shown of an alarm; its key says which it is and is not shown."""
    return replace(
        alarm,
        title=without(alarm.title),
        description=without(alarm.description),
        details=tuple((name, without(value)) for name, value in alarm.details),
    )


@lru_cache(maxsize=8)
def _ours(host: str) -> re.Pattern[str]:
    path = SECRET_PATH.pattern.replace("/", _SLASH)
    written = re.escape(host).replace(":", "(?::|%3A)")
    return re.compile(f"({written}){path}", re.I)
