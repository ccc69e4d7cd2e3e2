"""A campaign as a sort of thing that papers are about, with the kinds of it; packages above add theirs."""

from __future__ import annotations

from documents.kinds import SubjectSort
from roster.papers import amendment, extract_person, extract_unit, notice, things

CAMPAIGN = SubjectSort(
    word=things.WORD,
    owner=things.owner,
    visible=things.visible,
    address=things.address,
    kinds=(notice.NOTICE, amendment.AMENDMENT, extract_unit.EXTRACT_UNIT, extract_person.EXTRACT_PERSON),
)
SORTS = (CAMPAIGN,)
