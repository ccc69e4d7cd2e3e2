"""Each address is written as Werkzeug's own rule writes it, only later."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import Map, Rule
from werkzeug.routing.converters import NumberConverter

from core.fast_path.late_addresses import LateRule


def test_every_address_is_written_as_werkzeug_writes_it(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert isinstance(rule, LateRule) or rule.endpoint == "static"
        plain = Rule(rule.rule, defaults=rule.defaults, endpoint=rule.endpoint)
        Map([plain], converters=app.url_map.converters)
        for _twice in range(2):
            for append_unknown in (True, False):
                values = values_of(rule) | {"q": "dây điện"}
                assert rule.build(values, append_unknown) == plain.build(values, append_unknown), rule.rule


def values_of(rule: Rule) -> dict[str, Any]:
    found = rule._converters.items()
    return {name: 7 if isinstance(converter, NumberConverter) else "a b/ộ" for name, converter in found}


def test_what_an_address_takes_may_be_called_as_anything() -> None:
    address = LateRule("/<self>/<rule>", endpoint="x")
    Map([address])
    assert [address.build({"self": "a", "rule": "b"}) for _twice in range(2)] == [("", "/a/b")] * 2


def test_a_command_that_draws_no_link_compiles_no_address() -> None:
    address = LateRule("/<code>", endpoint="x")
    Map([address])
    assert address._build.__name__ == address._build_unknown.__name__ == "first"
    address.build({"code": "a"})
    assert address._build.__name__ == "first" and address._build_unknown.__name__ != "first"
