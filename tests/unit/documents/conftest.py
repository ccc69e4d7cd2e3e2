"""A folder of data with nothing around it: a document needs no database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Path]:
    app = Flask("documents")
    app.config["DATA_DIR"] = tmp_path
    with app.app_context():
        yield tmp_path
