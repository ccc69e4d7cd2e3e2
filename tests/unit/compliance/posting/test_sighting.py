"""What the code of a poster says, and which photos show the poster that they are sent for."""

from __future__ import annotations

import pytest

from compliance.posting import sighting
from compliance.posting.sighting import Read

MARK = "0123456789ab"
HERE = "https://truc.example" + sighting.path("BDA 1/x", "prohibited", MARK)


@pytest.mark.parametrize(
    ("codes", "read"),
    [
        (None, "unread"),
        ((), "none"),
        (("https://shop.example/", "http://[", "", "/p/BDA 1/x"), "none"),
        ((HERE,), "current"),
        (("https://shop.example/", HERE), "current"),
        (("http://10.0.0.5:8000" + sighting.path("BDA 1/x", "prohibited", MARK),), "current"),
        (("https://truc.example" + sighting.path("BDA-2", "prohibited", MARK),), "other"),
        (("https://truc.example" + sighting.path("BDA 1/x", "conditions", MARK),), "other"),
        (("https://truc.example" + sighting.path("BDA 1/x", "prohibited", "ba9876543210"),), "other"),
    ],
)
def test_a_photo_is_judged_by_the_codes_in_it(codes: tuple[str, ...] | None, read: Read) -> None:
    assert sighting.judge(codes, "BDA 1/x", "prohibited", MARK) == read
