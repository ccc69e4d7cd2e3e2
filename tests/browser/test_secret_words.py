"""What may not be written about Party, State and KT1: phone and desk answer alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from incidents.record import secrecy
from tests.unit.incidents.record.test_secrecy import MARKS, NAMES, NO_NAMES, PLAIN

SCRIPT = Path(__file__).parents[2] / "static/js/secrecy.js"
PIECES = (
    *MARKS,
    *PLAIN,
    *(text for text, _name in NAMES),
    *NO_NAMES,
    "Trần",
    "V/v",
    "kt1",
    "a",
    "B",
    "là",
    "Lê Văn",
    "7",
)
BETWEEN = (" ", ", ", "", "\n", "  ", "/", "_", " - ")


def test_phone_and_desk_find_the_same_words(browser: Any) -> None:
    texts: list[str] = []

    @settings(max_examples=400, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(BETWEEN)), max_size=5))
    def collect(parts: list[tuple[str, str]]) -> None:
        texts.append("".join(piece + between for piece, between in parts))

    collect()
    texts += PIECES
    page = browser.new_page()
    page.evaluate(SCRIPT.read_text(encoding="utf-8") + "; 0")
    rules = {name: list(some) for name, some in secrecy.RULES.items()}
    said = page.evaluate(
        """([rules, texts]) => {
            self.secrecy.use(rules);
            const { found, personIn, speaksOfState } = self.secrecy;
            return texts.map((text) => [found(text), personIn(text), speaksOfState(text)]);
        }""",
        [rules, texts],
    )
    page.close()
    differ = [
        (text, here, there)
        for text, there in zip(texts, said, strict=True)
        if (here := [secrecy.found(text), secrecy.person_in(text), secrecy.speaks_of_state(text)]) != there
    ]
    assert differ == []
