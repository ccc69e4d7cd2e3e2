"""What the signatures in a PDF from outside say: by whom, when, and whether anything was changed since.

Read in a process of its own with limits: the file is a stranger's, and reading it is long work for a parser. Whether
a certificate is to be trusted is asked of the roots in ``DATA_DIR/trust`` (PEM, as the enterprise put them there);
without any, that is said to be not checked, and nothing else is made of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app

from core.files import apart

WITHIN = 20.0
"""Seconds for one file."""
TRUST = "trust"


def parse_signatures(content: bytes) -> list[dict[str, Any]]:
    """One entry a signature: ``signer``, ``issuer``, ``signed_at`` (as the signer's clock said, ISO, or ""), ``intact``
    (the signed bytes are as they were signed), ``whole`` (it covers the file to its end), ``valid_from`` and
    ``valid_to`` of the certificate, ``trusted`` (True, False, None: no roots to ask). Not signed: empty. What cannot
    be read: one entry with ``unreadable``."""
    roots = Path(current_app.config["DATA_DIR"]) / TRUST
    try:
        found: list[dict[str, Any]] = apart.ask("documents.signed.child", content, str(roots), within=WITHIN)
        return found
    except apart.ChildDied:
        return [{"unreadable": True}]
