"""Who is looking, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _, ngettext

NAMED = 2


def looking(names: Sequence[str]) -> str:
    """ "Trần Thị Bình đang xem"; of many the first two and how many more. Empty when there is nobody."""
    if not names:
        return ""
    shown, more = ", ".join(names[:NAMED]), len(names) - NAMED
    if more > 0:
        return ngettext(
            "%(names)s và %(num)s người nữa đang xem", "%(names)s và %(num)s người nữa đang xem", more, names=shown
        )
    return _("%(names)s đang xem", names=shown)
