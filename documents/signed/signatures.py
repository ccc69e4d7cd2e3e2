"""What the signatures in a PDF from outside say: by whom, when, and whether anything was changed since.

Read in a process of its own with limits: the file is a stranger's, and reading it is long work for a parser. Whether
a certificate is to be trusted is asked of the roots in ``DATA_DIR/trust`` (PEM, as the enterprise put them there);
without any, that is said to be not checked, and nothing else is made of it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from flask import current_app

ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}
"""All that it gets to know: what reads a stranger's file knows no secret of ours."""
WITHIN = 20.0
"""Seconds for one file."""
TRUST = "trust"


def read(content: bytes) -> list[dict[str, Any]]:
    """One entry a signature: ``signer``, ``issuer``, ``signed_at`` (as the signer's clock said, ISO, or ""), ``intact``
    (the signed bytes are as they were signed), ``whole`` (it covers the file to its end), ``valid_from`` and
    ``valid_to`` of the certificate, ``trusted`` (True, False, None: no roots to ask). Not signed: empty. What cannot
    be read: one entry with ``unreadable``."""
    roots = Path(current_app.config["DATA_DIR"]) / TRUST
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "documents.signed.child", str(roots)],
            input=content,
            capture_output=True,
            timeout=WITHIN,
            cwd=current_app.root_path,
            env=ENVIRONMENT,
            check=True,
        )
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found
    except (subprocess.SubprocessError, ValueError):
        return [{"unreadable": True}]
