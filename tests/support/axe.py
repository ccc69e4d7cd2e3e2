"""axe-core in the page under test, injected past the content security policy as the browser's own tools are."""

from __future__ import annotations

from typing import Any


def faults(page: Any) -> list[str]:
    """What axe finds wrong on ``page``: "rule (impact): selector", one per element."""
    from axe_playwright_python.sync_playwright import Axe

    response = Axe().run(page).response
    return [
        f"{found['id']} ({found['impact']}): {' '.join(map(str, node['target']))}"
        for found in response["violations"]
        for node in found["nodes"]
    ]
