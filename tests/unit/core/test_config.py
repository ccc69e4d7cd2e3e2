"""Settings that make no sense are refused at the start, in one sentence that names them."""

from __future__ import annotations

from pathlib import Path

import pytest

import config

PRODUCTION = {
    "APP_ENV": "production",
    "SECRET_KEY": "x" * 40,
    "PUBLIC_URL": "https://truc.example",
    "DEMO": "0",
    "TRUSTED_PROXIES": "0",
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("PORT", "-1"),
        ("PORT", "70000"),
        ("TICK_SECONDS", "x"),
        ("TICK_SECONDS", "0"),
        ("TICK_SECONDS", "nan"),
        ("TRUSTED_PROXIES", "1.5"),
        ("MAIL_URL", "mail.example"),
        ("MAIL_URL", "http://x"),
        ("MAIL_URL", "smtp://h:58x7"),
        ("MAIL_URL", "smtp://h:99999"),
        ("MAIL_URL", "smtp://h:0"),
    ],
)
def test_nonsense_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(config.UnsafeConfiguration, match=name):
        config.load({"DATA_DIR": str(tmp_path), name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("PUBLIC_URL", "http://truc.example"),
        ("PUBLIC_URL", ""),
        ("DEMO", "1"),
        ("TRUSTED_PROXIES", ""),
    ],
)
def test_production_refuses_to_start_unsafe(tmp_path: Path, name: str, value: str) -> None:
    config.load({"DATA_DIR": str(tmp_path), **PRODUCTION})
    with pytest.raises(config.UnsafeConfiguration, match=name):
        config.load({"DATA_DIR": str(tmp_path), **PRODUCTION, name: value})


def test_everything_is_optional_in_development(tmp_path: Path) -> None:
    settings = config.load({"DATA_DIR": str(tmp_path)})
    assert (settings["PORT"], settings["PUBLIC_URL"], settings["MAIL_URL"]) == (8000, "http://127.0.0.1:8000", None)
    assert settings["SECRET_KEY"] == config.load({"DATA_DIR": str(tmp_path)})["SECRET_KEY"] != ""


@pytest.mark.parametrize(
    ("name", "word"), [("APP_ENV", "Production"), ("APP_ENV", "prod"), ("LOG_FORMAT", "xml"), ("SQLITE_DRIVER", "best")]
)
def test_a_word_that_is_none_of_the_known_ones_starts_nothing(tmp_path: Path, name: str, word: str) -> None:
    with pytest.raises(config.UnsafeConfiguration, match=f"{name}={word}: one of"):
        config.load({"DATA_DIR": str(tmp_path), name: word})


def test_production_needs_a_secret_key_of_32_bytes(tmp_path: Path) -> None:
    short = {**PRODUCTION, "DATA_DIR": str(tmp_path), "SECRET_KEY": "x" * 31}
    with pytest.raises(config.UnsafeConfiguration, match="at least 32 bytes"):
        config.load(short)
    assert config.load({**short, "SECRET_KEY": "x" * 32})["SECRET_KEY"] == "x" * 32
