"""Finding a Chromium that starts: CHROMIUM_PATH, an installed one, else the one Playwright keeps."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The first is what Playwright takes by itself where nothing is to be seen: a third less CPU time than a whole one."""
WITH_WORKER: dict[str, Any] = {"service_workers": "allow"}
"""For ``browser.new_context``: a profile in which pages may start the service worker."""

QUICKER = """
const known = window.setInterval;
window.setInterval = (work, every, ...more) => known(work, every > 2000 ? every / 8 : every, ...more);
"""
"""Pages ask every five or ten seconds whether something is new: here eight times as often, so that no test waits."""


class BrowserMissing(RuntimeError):
    """Neither Playwright nor a Chromium is there."""


def installed_chromium() -> str | None:
    """The path of a Chromium on this machine, or None when only Playwright's own may exist."""
    candidates = [os.environ.get("CHROMIUM_PATH"), *map(shutil.which, NAMES)]
    return next((path for path in candidates if path and Path(path).exists()), None)


def launch(playwright: Any) -> Any:
    """A headless Chromium of ``playwright``; BrowserMissing when none starts."""
    from playwright.sync_api import Error

    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    try:
        return playwright.chromium.launch(executable_path=installed_chromium(), args=arguments)
    except Error as error:
        raise BrowserMissing(f"run scripts/fetch_browser.sh ({error.message.splitlines()[0]})") from error
