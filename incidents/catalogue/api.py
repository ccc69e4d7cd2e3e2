"""JSON API of the catalogue, and of what it brings to one incident: level, restriction, facts, checklist."""

from __future__ import annotations

from typing import Any

from core.api.call import ApiModel, ItemPage, ListQuery, api_blueprint, api_call, paginate
from incidents.catalogue import queries as catalogue
from incidents.catalogue.models import IncidentCategory, SeverityQuestion

bp = api_blueprint("catalogue_api")
CATALOGUE, INCIDENTS = ["incident catalogue"], ["incidents"]


class AnswerOut(ApiModel, title="AnswerOut"):
    value: str
    vi: str
    en: str
    level: int | None
    """Raised to at least this level; null: not raised."""
    party_state: bool
    restricted: bool


class QuestionOut(ApiModel, title="QuestionOut"):
    code: str
    vi: str
    en: str
    answers: list[AnswerOut]


class ChoiceOut(ApiModel, title="ChoiceOut"):
    value: str
    vi: str
    en: str


class FieldOut(ApiModel, title="FieldOut"):
    key: str
    kind: str
    vi: str
    en: str
    choices: list[ChoiceOut]


class ItemOut(ApiModel, title="ItemOut"):
    key: str
    vi: str
    en: str


class CategoryOut(ApiModel, title="CategoryOut"):
    code: str
    name_vi: str
    name_en: str
    family: str
    default_severity: int
    first_duty: str | None
    restricted: bool
    on_site: bool
    active: bool
    position: int
    questions: list[QuestionOut]
    fields: list[FieldOut]
    checklist: list[ItemOut]
    authorities: list[str]


@api_call(
    bp,
    "GET",
    "/incident-categories",
    operation_id="list_categories",
    query=ListQuery,
    returns={200: ItemPage[CategoryOut]},
    action="incident.read",
    tags=CATALOGUE,
    summary="Categories with their questions, follow-up fields and checklist",
)
def list_categories(*, query: ListQuery) -> Any:
    questions = {row.code: row for row in catalogue.all_questions()}
    statement = catalogue.category_statement()
    keys = [IncidentCategory.position, IncidentCategory.code]
    items, following_page = paginate(statement, keys, limit=query.limit, cursor=query.cursor)
    return {"items": [_category(row, questions) for row in items], "next": following_page}


def _category(row: IncidentCategory, questions: dict[str, SeverityQuestion]) -> dict[str, Any]:
    plain = (
        "code",
        "name_vi",
        "name_en",
        "family",
        "default_severity",
        "first_duty",
        "restricted",
        "on_site",
        "active",
        "position",
        "checklist",
        "authorities",
    )
    return {name: getattr(row, name) for name in plain} | {
        "questions": [_question(questions[code]) for code in row.questions if code in questions],
        "fields": [
            {name: each[name] for name in ("key", "kind", "vi", "en")} | {"choices": each.get("choices", [])}
            for each in row.fields
        ],
    }


def _question(row: SeverityQuestion) -> dict[str, Any]:
    answers = [
        {
            "value": each["value"],
            "vi": each["vi"],
            "en": each["en"],
            "level": each.get("level"),
            "party_state": bool(each.get("party_state")),
            "restricted": bool(each.get("restricted")),
        }
        for each in row.answers
    ]
    return {"code": row.code, "vi": row.text_vi, "en": row.text_en, "answers": answers}
