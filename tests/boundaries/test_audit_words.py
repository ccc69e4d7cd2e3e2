"""What the product writes down of each action has words in the record of actions, and there are none for more."""

from __future__ import annotations

from dataclasses import fields

from flask import Flask

from core.db import db
from core.security import sealing
from desk.audit_log import words
from desk.audit_log.facts import FACTS, OF_ACTIONS
from desk.copy_secrets import unopened
from notify.prices import PRICED
from roster.fairness.years import Year
from roster.feeds.facts import Options
from tests.boundaries.tree import product_python
from tests.support import audit_details

MADE_ELSEWHERE = {
    ("desk/copy_secrets/unopened.py", "counted"): {"desk_pins", "settings", "push_keys"},
    ("duty/illness/services.py", "first"): {"from_on"},
    ("documents/issued/services.py", "hashes"): {"pdf", "docx"},
    ("notify/prices.py", "known"): set(PRICED),
    ("roster/campaigns/services.py", "planned.copied"): {"copied_from", "left_out"},
    ("roster/fairness/correcting.py", "asdict(change)"): {each.name for each in fields(Year)},
    ("roster/feeds/services.py", "options._asdict()"): set(Options._fields),
    ("roster/publishing/amending.py", "notices.untold(terms.silence)"): {"tell", "tell_reason"},
    ("roster/publishing/services.py", "notices.untold(silence)"): {"tell", "tell_reason"},
    ("roster/refit/services.py", "counted(each.campaign.id, each.refit)"): {"id", "added", "removed", "people", "asks"},
    ("roster/sources/services.py", "key"): {"unit_id", "duty", "phase", "template"},
}
"""Mappings whose keys the calling function does not write down: what they have."""
SECRETS_UNDER = ("sealed", "secrets")


def tables_with_secrets() -> set[str]:
    """Tables in which something is sealed: the loss of the key is told of each by its name."""
    columns = (column for table in db.metadata.sorted_tables for column in table.columns)
    sealed = (each for each in columns if each.name in SECRETS_UNDER or isinstance(each.type, sealing.Address))
    return {each.table.name for each in sealed} - unopened.OVER


def test_each_fact_that_the_product_writes_has_a_label(app: Flask) -> None:
    assert app.blueprints, "whatever has tables is read"
    written = list(audit_details.written())
    assert len(written) > 400
    unread = {(each.file, each.source) for each in written if not each.keys}
    assert unread == MADE_ELSEWHERE.keys(), "say here what it has"
    made = set().union(*MADE_ELSEWHERE.values())
    keys = {key for each in written for key in each.keys} | made | tables_with_secrets() | {"printed_by"}
    assert sorted(keys - FACTS.keys() - words.NOT_SHOWN) == []


def test_no_label_is_of_an_action_that_nothing_writes() -> None:
    assert {each.split()[0] for each in OF_ACTIONS} - words.SENTENCES.keys() == set()


def test_each_kind_of_entry_has_a_sentence() -> None:
    found = [(file, action) for file, action, _thing in audit_details.actions() if not action.endswith(".")]
    assert len(found) > 200
    assert [(file, action) for file, action in found if action not in words.SENTENCES] == []


def test_each_sentence_is_of_an_action_that_something_writes() -> None:
    files = (path for path in product_python() if "audit_log/sentences" not in str(path))
    sources = "".join(path.read_text("utf-8") for path in files)
    prefixes = {action for _file, action, _thing in audit_details.actions() if action.endswith(".")}
    unknown = [
        action
        for action in words.SENTENCES
        if f'"{action}"' not in sources and action.partition(".")[0] + "." not in prefixes
    ]
    assert unknown == []
