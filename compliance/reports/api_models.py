"""What calls of reports take and answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from compliance.reports.requesting import MOST_RECIPIENTS
from core.api.call import ApiModel, Code, Count, Day, Line, ListQuery, LocalTime, Text, When

Kind = Literal["daily", "adhoc", "summary"]


class Recipient(ApiModel, title="Recipient"):
    name: Line
    mail: Text = Field(default="", max_length=200)
    phone: Text = Field(default="", max_length=40)


class RequestBody(ApiModel, title="RequestBody"):
    unit: Code
    form: Literal["report", "phone", "list"]
    kind: Kind | None = None
    """Of the report that is asked for; null for calls and lists."""
    asked_by: Line
    number: Text = Field(default="", max_length=200)
    asked_on: Day
    content: Text = Field(default="", max_length=2000)
    starts_on: Day
    ends_on: Day
    opens: LocalTime
    until: LocalTime
    recipients: Annotated[list[Recipient], Field(min_length=1, max_length=MOST_RECIPIENTS)]


class RequestOut(ApiModel, title="RequestOut"):
    id: int
    unit: str
    form: str
    kind: str
    asked_by: str
    number: str
    asked_on: date
    content: str
    starts_on: date
    ends_on: date
    opens: str
    until: str
    recipients: list[Recipient]
    ended_at: When | None
    end_reason: str


class DueOut(ApiModel, title="DueOut"):
    request: int
    day: date
    opens_at: When
    due_at: When
    state: Literal["early", "open", "late", "done", "done_late", "ended"]
    lacking: list[str]
    """Names of those who have not got it."""


class DuesOut(ApiModel, title="DuesOut"):
    items: list[DueOut]


class ReportTextIn(ApiModel, title="compliance__reports__api_models__ToldIn"):
    day: Day
    recipient: Line
    way: Literal["phone", "other"]
    heard_by: Text = Field(default="", max_length=200)
    at: When
    note: Text = Field(default="", max_length=2000)


class SentOut(ApiModel, title="SentOut"):
    id: int
    request_id: int | None
    report_id: int | None
    day: date
    way: str
    recipient: str
    at: When
    heard_by: str
    note: str
    received_at: When | None
    received_by: str


class SentListOut(ApiModel, title="SentListOut"):
    items: list[SentOut]


class ReceiptIn(ApiModel, title="ReceiptIn"):
    received_by: Line
    received_at: When


class ReportsQuery(ListQuery):
    unit: Code | None = None
    """With everything below it."""
    kind: Kind | None = None


class ReportBody(ApiModel, title="ReportBody"):
    unit: Code
    kind: Kind
    starts_on: Day
    ends_on: Day
    incident: Text = Field(default="", max_length=40)
    again: bool = False
    """A further edition when the last one was issued."""


class FigureOut(ApiModel, title="FigureOut"):
    code: str
    label: str
    value: int
    before: int | None
    """The same of the Tết before; null: not known."""
    refs: list[str]
    """What was counted."""


class SectionOut(ApiModel, title="SectionOut"):
    code: str
    title: str
    lines: list[str]
    """What the data say."""
    text: str | None
    """What somebody wrote instead."""
    figures: list[FigureOut]


class ReportOut(ApiModel, title="ReportOut"):
    id: int
    version: int
    unit: str
    kind: str
    starts_on: date
    ends_on: date
    incident: str
    edition: int
    phase: str | None
    state: Literal["draft", "approved", "issued"]
    drawn_at: When
    approved_at: When | None
    approved_by: str
    document: int | None
    """Id of the issued document that holds (`/documents/{id}`)."""
    code: str
    """Its number."""
    sections: list[SectionOut]


class TextsIn(ApiModel, title="TextsIn"):
    version: Count
    texts: Annotated[dict[str, Text], Field(max_length=20)]
    """By section; the words of the data give the section back to them."""


class VersionIn(ApiModel, title="VersionIn"):
    version: Count


class IssueIn(ApiModel, title="IssueIn"):
    signatory: Count | None = None


class SendIn(ApiModel, title="SendIn"):
    recipients: Annotated[list[Recipient], Field(max_length=MOST_RECIPIENTS)] = []
    """Besides those who asked for it."""
