"""The day after: a requirement that units were judged by is computed otherwise, and every page of it still opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask.testing import FlaskClient

from compliance.followup import rechecking
from compliance.inspector import services as inspector
from compliance.register import letters, queries, requirements
from compliance.register.requirements import RequirementIn
from core import clock
from core.db import db
from people import queries as people
from tests.support import enterprise
from tests.support.cast import ADMIN, NIGHT
from tests.support.desk_pages import text_of
from tests.support.tet_night import Night


def test_what_was_computed_otherwise_is_forgotten_and_no_page_breaks(night: Night, client: FlaskClient) -> None:
    at = {"actor": ADMIN, "now": NIGHT}
    with clock.travel(NIGHT):
        number = {"number": "12/SKHCN", "dated_on": date(2020, 1, 10), "issuer": "Sở", "abstract": "V/v Tết"}
        season = {"season_from": date(2020, 1, 17), "season_to": date(2020, 2, 8)}
        letter = letters.enter(letters.LetterIn(**number, **season), **at)
        wanted = RequirementIn(text="Nộp phương án", computed="plan.submitted")
        row = requirements.add(letter.id, wanted, **at)
        letters.spread(letter.id, **at)
        rechecking.recheck_letter(letter, NIGHT)
        unit = people.unit_by_code("BDA")
        enterprise.sign_in(client, "an1")
        page = f"/letter/requirements/{row.id}/units/BDA"
        assert "chưa nộp phương án" in text_of(client.get(page).get_data(as_text=True))

        requirements.change(row.id, replace(wanted, text="Ghi số kiểm tra", computed="checks.logged"), **at)
        db.session.expire_all()
        point = queries.point(row.id, unit.id)
        assert (point.holds, point.numbers, point.judged_at) == (None, {}, None)
        link = inspector.url(inspector.make(letter.id, "BDA", "Thanh tra", 3, **at)).partition("/i/")[2]
        client.post(f"/i/{link}", data={"name": "Ông Tám"})
        for path in (page, f"/letter/{letter.id}/units/BDA", f"/i/{link}/units/BDA", f"/letter/{letter.id}/matrix"):
            assert client.get(path).status_code == 200, path
        # Its history keeps what happened, in words of then or in none.
        queries.point(row.id, unit.id).numbers = {"year": 2020, "handed": False}
        db.session.commit()
        assert client.get(f"/i/{link}/units/BDA").status_code == 200
        rechecking.recheck_letter(queries.letter(letter.id), NIGHT)
        assert "ngày có số kiểm tra" in text_of(client.get(page).get_data(as_text=True))
