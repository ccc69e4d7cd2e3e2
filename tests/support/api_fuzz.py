"""Serve an application for a moment and let schemathesis try to break its API."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server


def fuzz(app: Flask, key: str, cwd: Path, *options: str) -> None:
    """Run schemathesis's default checks with API key ``key``; fails the test with what was found.

    Skips where schemathesis is not installed, which on CI is a failure.
    """
    if not os.environ.get("CI") and importlib.util.find_spec("schemathesis") is None:
        pytest.skip("no schemathesis: install requirements-dev.txt")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/api/v1/openapi.json"
    command = [sys.executable, "-m", "schemathesis.cli", "run", address, "-H", f"Authorization: Bearer {key}", *options]
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=1200, check=False)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert done.returncode == 0, done.stdout + done.stderr
