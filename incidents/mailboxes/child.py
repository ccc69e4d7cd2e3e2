"""The process that parses one mail: its bytes on standard input, what was read of it as JSON on standard output."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from core.files import apart
from incidents.mailboxes import reading

MEMORY = 512 * 1024 * 1024
SECONDS = 5


def main() -> int:
    apart.confine(memory=MEMORY, seconds=SECONDS)
    sys.stdout.write(json.dumps(told(sys.stdin.buffer.read())))
    return 0


def told(raw: bytes) -> dict[str, Any] | None:
    """None: the parser gives up, as it would each time."""
    try:
        found = asdict(reading.read_mail(raw))
    except Exception:  # it has many ways to do so
        return None
    return found | {"kept": found["kept"].decode("utf-8")}


if __name__ == "__main__":
    raise SystemExit(main())
