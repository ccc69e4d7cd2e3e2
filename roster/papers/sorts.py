"""The sorts of things that papers of rosters are about, with the kinds of each."""

from __future__ import annotations

from documents.kinds import Sort
from roster.papers import (
    amendment,
    duty_check,
    duty_hours,
    extract_person,
    extract_unit,
    notice,
    overtime_consent,
    phone_tree,
    things,
)

CAMPAIGN = Sort(
    word=things.WORD,
    owner=things.owner,
    visible=things.visible,
    address=things.address,
    kinds=(
        notice.NOTICE,
        amendment.AMENDMENT,
        extract_unit.EXTRACT_UNIT,
        extract_person.EXTRACT_PERSON,
        phone_tree.PHONE_TREE,
        overtime_consent.OVERTIME_CONSENT,
        duty_hours.DUTY_HOURS,
    ),
)
SORTS = (CAMPAIGN, duty_check.DUTY_CHECK)
