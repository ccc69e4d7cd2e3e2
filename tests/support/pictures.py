"""What a browser showed when a test failed: set PICTURES to a folder to have it kept."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest


def keep(item: pytest.Item) -> None:
    """Every open page of the browser of ``item``, named after the test."""
    folder = os.environ.get("PICTURES", "")
    browser = getattr(item, "funcargs", {}).get("browser")
    if not folder or browser is None:
        return
    pages: list[Any] = [page for context in browser.contexts for page in context.pages if page.url != "about:blank"]
    name = re.sub(r"\W+", "-", item.name).strip("-")
    for number, page in enumerate(pages, 1):
        page.screenshot(path=Path(folder) / f"{name}-{number}.png", full_page=True)
