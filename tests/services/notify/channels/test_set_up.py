"""What is said to be set up is what a carrier can be made for."""

from __future__ import annotations

import pytest
from flask import Flask

from core import clock
from notify.channels import registry
from tests.support.carriers import set_up
from tests.support.http_sink import http_sink


@pytest.mark.parametrize("mail", ["", "smtp://127.0.0.1:25", "no address"])
@pytest.mark.parametrize("gateways", [(), ("sms",), ("sms", "voice")])
def test_the_channels_that_are_set_up_are_those_that_can_be_made(
    app: Flask, mail: str, gateways: tuple[str, ...]
) -> None:
    app.config.update(OUTGOING_ALLOW="127.0.0.0/8", MAIL_URL=mail)
    with http_sink() as sink:
        for channel in gateways:
            set_up(channel, sink, now=clock.now())
    can_be_made = {name for name in registry.FACTORIES if registry.make(name, app.config) is not None}
    assert registry.set_up(app.config) == can_be_made and can_be_made >= {"push", "apprise", *gateways}
