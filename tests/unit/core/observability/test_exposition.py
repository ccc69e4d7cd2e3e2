"""Numbers as Prometheus reads them; its own parser is not at hand, so the grammar is said once more here."""

from __future__ import annotations

import re

from hypothesis import given, strategies as st

from core.observability.prometheus import Metric, Sample, render

LINE = re.compile(
    r'(?P<name>[a-z_]+)(?:\{(?P<labels>(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+)\})? (?P<value>-?[0-9.e+-]+)'
)


def test_a_metric_has_its_words_its_kind_and_a_line_for_each_sample() -> None:
    metric = Metric("tructet_x", "gauge", "Things.", (Sample(3, {"a": "1", "b": "2"}), Sample(0.25, {})))
    assert render([metric]) == (
        '# HELP tructet_x Things.\n# TYPE tructet_x gauge\ntructet_x{a="1",b="2"} 3\ntructet_x 0.25\n'
    )


def test_a_metric_without_samples_is_left_out() -> None:
    assert render([Metric("tructet_x", "counter", "None yet.", ())]) == ""


@given(st.text(), st.floats(allow_nan=False, allow_infinity=False))
def test_whatever_a_label_says_it_stays_on_its_line(value: str, number: float) -> None:
    page = render([Metric("x", "gauge", "Things.", (Sample(number, {"name": value}),))])
    lines = page.split("\n")
    assert len(lines) == 4
    found = LINE.fullmatch(lines[2])
    assert found is not None
    assert float(found["value"]) == number
