"""A real Alertmanager on loopback that notifies one webhook."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.conftest import skip_or_fail
from tests.support.live import free_port
from tests.support.smtp_sink import wait_until

CONFIG = """
route:
  receiver: desk
  group_by: [alertname]
  group_wait: 100ms
  group_interval: 1s
receivers:
  - name: desk
    webhook_configs:
      - url: {url}
        send_resolved: true
"""


class Alertmanager:
    """Alerts in, notices out; an alert that has ended is sent again with its end."""

    def __init__(self, url: str, log: Path) -> None:
        self.url, self.log = url, log

    def alert(self, *, over: bool = False, **labels: str) -> None:
        """Fire an alert, or tell that it is over."""
        now = datetime.now(UTC)
        ends = now - timedelta(seconds=1) if over else now + timedelta(hours=1)
        alert = {
            "labels": labels,
            "annotations": {"summary": f"{labels['host']} không trả lời"},
            "startsAt": (now - timedelta(minutes=1)).isoformat(),
            "endsAt": ends.isoformat(),
        }
        request = urllib.request.Request(  # noqa: S310  (loopback)
            f"{self.url}/api/v2/alerts", json.dumps([alert]).encode(), {"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request, timeout=5).close()  # noqa: S310

    def is_ready(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/-/ready", timeout=1).close()  # noqa: S310
            return True
        except (urllib.error.URLError, OSError):
            return False


@contextmanager
def running_alertmanager(webhook: str, folder: Path) -> Iterator[Alertmanager]:
    """Gone at the end; skips (fails on CI) where the program is missing."""
    program = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
    if program is None:
        skip_or_fail("no Alertmanager: scripts/fetch_alertmanager.sh")
    config, log = folder / "alertmanager.yml", folder / "alertmanager.log"
    config.write_text(CONFIG.format(url=webhook), encoding="utf-8")
    port = free_port()
    arguments: list[Any] = [
        program,
        f"--config.file={config}",
        f"--storage.path={folder / 'alertmanager'}",
        "--cluster.listen-address=",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with log.open("wb") as out:
        process = subprocess.Popen(arguments, stdout=out, stderr=out)
    try:
        told = Alertmanager(f"http://127.0.0.1:{port}", log)
        wait_until(told.is_ready, seconds=120, what="Alertmanager")
        yield told
    finally:
        process.terminate()
        process.wait(10)
