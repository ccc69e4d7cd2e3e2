"""What came with a valid key, or from an allowed sender, and cannot be read: an alarm all the same.

Tools drop what is refused, and whoever pressed a button thinks that somebody is called. So it is an incident of the
source, one that is open at a time: what comes after it is counted there.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import force_locale, gettext as _

from incidents.intake.cleaning import description_of, title_of
from incidents.intake.formats import UNREADABLE, Alarm
from incidents.record.models import Intake

KEY = "unreadable "
"""Of the one incident of each source. No key of a tool ends with a space (``cleaning.key_of``): none can end it."""
MOST_SHOWN = 1_500
"""Characters of the body in the incident: whoever is called may be no reader of the source's page."""


def alarm(intake: Intake, raw: bytes, faults: Iterable[str] = ()) -> Alarm:
    """In the language of the desk: a source has no reader. ``faults``: what is wrong with it, for who configures it."""
    with force_locale("vi"):
        name, lead = intake.name, _("Nguồn này gửi một tin mà hệ thống không đọc được:")
        title = title_of(_("%(name)s: tin không đọc được", name=name))
    said = raw[: 4 * MOST_SHOWN].decode("utf-8", "replace")[:MOST_SHOWN].strip()
    told = [*([lead, said] if said else []), *faults]
    return Alarm("trigger", KEY, title, description_of(title, told), form=UNREADABLE)
