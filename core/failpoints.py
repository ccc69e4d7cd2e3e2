"""Places where a test may kill the process, as a power cut would. Inert outside ``APP_ENV=test``."""

from __future__ import annotations

import os
from collections import Counter

_seen: Counter[str] = Counter()


def hit(name: str) -> None:
    """Die here, without any clean-up, when ``FAILPOINT`` names this place; ``name@3`` means at the third passing."""
    if os.environ.get("APP_ENV") != "test":
        return
    wanted, _at, count = os.environ.get("FAILPOINT", "").partition("@")
    if wanted != name:
        return
    _seen[name] += 1
    if _seen[name] >= int(count or 1):
        os._exit(137)
