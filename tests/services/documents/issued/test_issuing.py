"""Numbers, given once; documents, kept as issued; who reads them. On both databases where two come at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.actor import Actor
from core.db import db as database
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Unavailable
from documents.agencies import services as agencies
from documents.drafting.services import DraftRequest
from documents.issued import queries, services as issued
from documents.issued.queries import Filter
from documents.models import Document
from documents.rendering import allowance, pdf
from tests.support import papers
from tests.support.cast import ADMIN, NIGHT
from tests.support.in_parallel import in_parallel

NOTICE = DraftRequest("unit:BDA", "test.notice", {})


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    with papers.registered():
        yield


@pytest.fixture
def enterprise(ids: dict[str, int]) -> dict[str, int]:
    papers.settle(NIGHT)
    return ids


def issue(wanted: DraftRequest = NOTICE, *, once: str = "", actor: Actor = ADMIN, at: Any = NIGHT) -> Document:
    issue.count = getattr(issue, "count", 0) + 1  # type: ignore[attr-defined]
    return issued.issue(wanted, once=once or f"form-{issue.count:06d}", actor=actor, now=at)  # type: ignore[attr-defined]


def refused(work: Any) -> str:
    with pytest.raises(DomainError) as caught:
        work()
    return caught.value.code


def actor(role: str, unit_id: int) -> Actor:
    return Actor(name="Ai đó", role=role, via="session", user_id=1, unit_id=unit_id)


def test_numbers_follow_each_other_and_the_file_says_them(enterprise: dict[str, int]) -> None:
    first, second = issue(), issue()
    assert [first.code, second.code] == ["01/TB-BĐA", "02/TB-BĐA"]
    assert (first.dated_on, first.signed_by, first.agency) == (date(2020, 1, 25), "Nguyễn Văn An", "Bưu điện huyện A")
    row = queries.readable(first.id, ADMIN, NIGHT, files=True)
    assert hashlib.sha256(row.pdf).hexdigest() == row.pdf_sha256
    assert hashlib.sha256(row.docx).hexdigest() == row.docx_sha256
    import pypdfium2

    said = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(row.pdf))
    assert "Số: 01/TB-BĐA" in said
    assert "Ia Grai, ngày 25 tháng 01 năm 2020" in said
    assert "Kèm theo Thông báo số 01/TB-BĐA ngày 25 tháng 01 năm 2020 của Bưu điện huyện A" in " ".join(said.split())
    assert '=HYPERLINK("http://x")' in said


def test_a_form_sent_twice_is_one_document(enterprise: dict[str, int]) -> None:
    assert issue(once="the-same-form").id == issue(once="the-same-form").id
    assert issue().code == "02/TB-BĐA"


@pytest.mark.both_dbs("two take numbers at once: locks")
def test_five_at_once_take_five_numbers_without_a_gap(app: Flask, enterprise: dict[str, int]) -> None:
    codes = in_parallel(app, 5, lambda n: issue(once=f"at-once-{n}").code)
    assert sorted(codes) == [f"{n:02d}/TB-BĐA" for n in range(1, 6)]
    database.session.rollback()
    assert queries.next_number(enterprise["BDA"], 2020, "TB") == 6


def test_what_cannot_be_drawn_takes_no_number_and_costs_nothing(
    enterprise: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> bytes:
        raise Unavailable("documents.failed")

    with monkeypatch.context() as patch:
        patch.setattr(pdf, "pdf", killed)
        for _ in range(allowance.PER_MINUTE.attempts):
            assert refused(issue) == "documents.failed"
    assert issue().code == "01/TB-BĐA"


def test_a_new_year_begins_at_one_and_the_register_of_paper_goes_on(enterprise: dict[str, int]) -> None:
    issued.start_from(enterprise["BDA"], 2020, "TB", 8, actor=ADMIN, now=NIGHT)
    assert issue().code == "08/TB-BĐA"
    assert issue(at=NIGHT + timedelta(days=366)).code == "01/TB-BĐA"
    assert refused(lambda: issued.start_from(enterprise["BDA"], 2020, "TB", 8, actor=ADMIN, now=NIGHT)) == (
        "documents.first"
    )


def test_names_and_signatures_hold_from_a_day_on(enterprise: dict[str, int]) -> None:
    later = replace(papers.FACE, name="Bưu điện khu vực A", series="agency")
    agencies.save_agency("BDA", date(2020, 1, 26), later, actor=ADMIN, now=NIGHT)
    signs = agencies.signatories(enterprise["BDA"])[0]
    agencies.end_signatory(signs.id, date(2020, 1, 25), actor=ADMIN, now=NIGHT)
    assert issue().agency == "Bưu điện huyện A"
    tomorrow = NIGHT + timedelta(days=1)
    assert refused(lambda: issue(at=tomorrow)) == "documents.signatory_missing"
    agencies.add_signatory(
        "BDA", "Bình", ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), date(2020, 1, 26), valid_to=None, actor=ADMIN, now=NIGHT
    )
    row = issue(at=tomorrow)
    assert (row.agency, row.signed_by, row.series, row.code) == ("Bưu điện khu vực A", "Bình", "", "02/TB-BĐA")


def test_wrong_settings_name_each_field(enterprise: dict[str, int]) -> None:
    wrong = replace(papers.FACE, name=" ", pattern="{nummer}/TB", recipients=("x" * 200,))
    with pytest.raises(Invalid) as caught:
        agencies.save_agency("BDA", None, wrong, actor=ADMIN, now=NIGHT)
    assert [fault.field for fault in caught.value.errors] == ["from", "name", "pattern", "recipients"]


def test_withdrawn_and_replaced_leave_a_trace(enterprise: dict[str, int]) -> None:
    first = issue()
    second = issue(replace(NOTICE, replaces=first.id))
    assert (first.state, queries.replaced_by(first)) == ("replaced", second)
    import pypdfium2

    file = queries.readable(second.id, ADMIN, NIGHT, files=True).pdf
    said = " ".join(pypdfium2.PdfDocument(file)[0].get_textpage().get_text_range().split())
    assert "Văn bản này thay thế Thông báo số 01/TB-BĐA ngày 25 tháng 01 năm 2020." in said
    assert refused(lambda: issue(replace(NOTICE, replaces=first.id))) == "documents.ended"
    assert refused(lambda: issued.withdraw(second.id, " ", actor=ADMIN, now=NIGHT)) == "documents.reason"
    issued.withdraw(second.id, "Sai ngày", actor=ADMIN, now=NIGHT)
    assert (second.state, second.end_reason, second.ended_by) == ("withdrawn", "Sai ngày", "Quản trị")
    assert refused(lambda: issued.withdraw(second.id, "Lại", actor=ADMIN, now=NIGHT)) == "documents.ended"
    assert issue().code == "03/TB-BĐA"


@pytest.mark.both_dbs("two replace one document at once: locks")
def test_one_document_is_replaced_once(app: Flask, enterprise: dict[str, int]) -> None:
    first = issue().id

    def replaced(n: int) -> str:
        try:
            return issue(replace(NOTICE, replaces=first), once=f"replaces-{n}").code
        except Conflict as fault:
            return fault.code

    assert sorted(in_parallel(app, 3, replaced)) == ["02/TB-BĐA", "documents.ended", "documents.ended"]
    database.session.rollback()
    assert issue().code == "03/TB-BĐA"


def test_whoever_may_not_read_it_hears_not_of_it(enterprise: dict[str, int]) -> None:
    plain, phones = issue(), issue(replace(NOTICE, options={"copy": "phones"}))
    viewer, clerk = actor("viewer", enterprise["BDC"]), actor("staff", enterprise["BDC"])
    assert queries.listed(Filter(), viewer, NIGHT) == [plain]
    assert queries.listed(Filter(), clerk, NIGHT) == [phones, plain]
    with pytest.raises(NotFound):
        queries.readable(phones.id, viewer, NIGHT)
    with pytest.raises(NotFound):
        queries.readable(phones.id + 1, viewer, NIGHT)
    with pytest.raises(Forbidden):
        issue(actor=actor("manager", enterprise["BDC"]))
    with pytest.raises(NotFound):
        issued.withdraw(phones.id, "Không phải của tôi", actor=viewer, now=NIGHT)
    with pytest.raises(Forbidden):
        issued.withdraw(plain.id, "Không phải của tôi", actor=clerk, now=NIGHT)


def test_what_is_gone_is_read_by_those_who_issue(enterprise: dict[str, int]) -> None:
    row = issue()
    row.about = "unit:GONE"
    database.session.commit()
    assert queries.listed(Filter(), actor("staff", enterprise["BDA"]), NIGHT) == []
    assert queries.listed(Filter(), actor("manager", enterprise["BDA"]), NIGHT) == [row]


def test_a_sheet_without_number_is_kept_without_one(enterprise: dict[str, int]) -> None:
    rows = [issue(replace(NOTICE, kind="test.sheet")) for _ in range(2)]
    assert [(row.number, row.code) for row in rows] == [(None, ""), (None, "")]
    assert database.session.scalars(select(Document.number)).all() == [None, None]
