"""The sorts of things that papers of rosters are about, with the kinds of each."""

from __future__ import annotations

from documents.kinds import Sort
from roster.papers import notice, things

CAMPAIGN = Sort(
    word=things.WORD,
    owner=things.owner,
    visible=things.visible,
    address=things.address,
    kinds=(notice.NOTICE,),
)
SORTS = (CAMPAIGN,)
