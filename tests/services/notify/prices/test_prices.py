"""What messages cost, as somebody wrote it down."""

from __future__ import annotations

import pytest
from flask import Flask

from core.errors import Invalid
from notify import prices
from tests.support.factories import ADMIN, NOW


def test_a_sum_is_said_only_while_every_price_in_it_is_known(app: Flask) -> None:
    assert prices.cost({"email": 40}) == 0
    assert prices.cost({"email": 40, "sms": 12}) is None
    prices.write({"sms": "1.350", "voice": ""}, actor=ADMIN, now=NOW)
    assert prices.cost({"email": 40, "sms": 12}) == 16_200
    assert prices.cost({"sms": 12, "voice": 1}) is None
    prices.write({"sms": "", "voice": "600"}, actor=ADMIN, now=NOW)
    assert prices.prices() == {"voice": 600}


@pytest.mark.parametrize(("typed", "field"), [("mười", "sms"), ("-5", "sms"), ("100001", "voice"), ("١٢", "voice")])
def test_what_is_no_price_is_refused_by_its_field_and_nothing_is_written(app: Flask, typed: str, field: str) -> None:
    prices.write({"sms": "350"}, actor=ADMIN, now=NOW)
    with pytest.raises(Invalid) as refused:
        prices.write({field: typed}, actor=ADMIN, now=NOW)
    assert [each.field for each in refused.value.errors] == [field]
    assert prices.prices() == {"sms": 350}
