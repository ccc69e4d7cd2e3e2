"""For ``pytest -x -p tests.support.quick_to_fail``: as soon as possible whether anything fails, and nothing else.

Properties come after the other tests, and hypothesis looks for no smaller example. A mutation check asks no more, and a
mutant that is noticed costs a tenth.
"""

from __future__ import annotations

import pytest
from hypothesis import Phase, is_hypothesis_test, settings


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """After the suite's own profile is loaded, before any test is read."""
    settings.register_profile("quick to fail", settings(), phases=(Phase.explicit, Phase.generate))
    settings.load_profile("quick to fail")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: is_hypothesis_test(getattr(item, "obj", None)))
