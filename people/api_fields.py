"""Types of fields of the people calls, said in the API document as the services take them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.api.call import ApiModel, When

Hours = Annotated[float, Field(ge=0, le=8784, allow_inf_nan=False)]
Few = Annotated[int, Field(ge=0, le=366)]
Short = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
# What the services take, said in the document (separators between digits are fine); empty = none.
Phone = Annotated[
    str,
    Field(
        max_length=40,
        pattern=r"^(|(0|\+84)[ .-]?([35789]([ .-]?[0-9]){8}|2([ .-]?[0-9]){9})"
        r"|1[89]00[ .-]?[0-9]{4}([0-9]{2})?|11[2-5])$",
    ),
]
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
Email = Annotated[
    str,
    Field(
        max_length=254,
        pattern=rf"^(|({_LOCAL}{{1,64}}|{_LOCAL}{{1,20}}(\.{_LOCAL}{{1,20}}){{1,2}})"
        r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9])$",
    ),
]
AbsenceKind = Literal["annual_leave", "sick", "travel", "training", "other"]
_NOT_IN_SKILLS = r"\x00-\x1f\x7f-\x9f\u2028\u2029;,:"
_BLANK = r"\s\xa0"
SKILL_PATTERN = rf"^[^{_NOT_IN_SKILLS}{_BLANK}][^{_NOT_IN_SKILLS}]{{0,39}}$"
Skill = Annotated[str, Field(pattern=SKILL_PATTERN)]
SkillNumbers = Annotated[
    dict[Skill, Annotated[int, Field(ge=1, le=1000)]],
    Field(max_length=20, json_schema_extra={"additionalProperties": False}),
]
"""How many on a shift must have each skill."""


class AffectedOut(ApiModel):
    shift: int
    seat: int
    unit: str
    duty: str
    starts_at: When
    ends_at: When
    covers: list[str]
    """Codes of who could take it alone without breaking a rule, best first; ten at most, of the sixty nearest."""
    searched: bool
    """False: none was looked for, or none of the nearest could: `GET /shifts/{shift}/covers?for=` judges everybody.
    They are looked for of the first five shifts, for those who may arrange them."""
