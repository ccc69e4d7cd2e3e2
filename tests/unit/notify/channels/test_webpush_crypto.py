"""RFC 8291: its own example, and words that another implementation reads."""

from __future__ import annotations

import json
import os

import pytest

from notify.channels import webpush_crypto as crypto
from tests.support.http_sink import Asked, HttpSink
from tests.support.push_sink import Browser, sender


def test_the_example_of_the_standard() -> None:
    """RFC 8291, section 5."""
    to = crypto.Subscription(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        crypto.unb64("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        crypto.unb64("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    key = crypto.private_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    sealed = crypto.encrypt(
        b"When I grow up, I want to be a watermelon", to, key, crypto.unb64("DGv6ra1nlYgDCS1FRnbzlw")
    )
    assert crypto.b64(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru"
        "3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_another_implementation_reads_it_and_believes_the_sender() -> None:
    browser = Browser(HttpSink(1), crypto.new_key(), os.urandom(16), "x")
    key = crypto.new_key()
    words = json.dumps({"title": "Sự cố"}).encode()
    body = crypto.encrypt(words, crypto.subscription(browser.subscription), crypto.new_key(), os.urandom(16))
    header = crypto.authorization(key, "http://127.0.0.1:1", "mailto:truc@vidu.vn", 2_000_000_000)
    asked = Asked("POST", "/", {"content-encoding": "aes128gcm", "authorization": header}, body, 0.0)
    assert browser.decrypt(asked) == {"title": "Sự cố"}
    claims, public = sender(asked)
    assert claims == {"aud": "http://127.0.0.1:1", "exp": 2_000_000_000, "sub": "mailto:truc@vidu.vn"}
    assert public == crypto.public_text(key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"endpoint":"ftp://x","keys":{"p256dh":"AA","auth":"AA"}}',
        '{"endpoint":"https://x","keys":{"p256dh":"AA","auth":"AAAAAAAAAAAAAAAAAAAAAA"}}',
    ],
)
def test_what_is_no_subscription_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError):
        crypto.subscription(text)


def test_a_private_key_is_kept_as_text() -> None:
    key = crypto.new_key()
    assert crypto.public_text(crypto.private_key(crypto.private_text(key))) == crypto.public_text(key)
