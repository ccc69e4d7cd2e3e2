"""The process that typst runs in: one task on stdin, files on stdout. Killed at any moment it leaves nothing.

Its limits are its own: more memory or time than a document needs means that something is wrong with it.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

from documents.rendering.metrics import FONTS

TEMPLATES = Path(__file__).parents[2] / "templates" / "documents"
MEMORY = 1 << 30
"""Bytes of addresses, of which a document of 400 rows touches a tenth."""
SECONDS = 60
"""Of processor time."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    task = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(compiled(task))


def compiled(values: dict[str, Any]) -> bytes:
    """The PDF."""
    import typst

    compiler = typst.Compiler(
        input=str(TEMPLATES / "paper.typ"),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"given": json.dumps(values)},
        # No package is used, and none is fetched should a template ask for one.
        package_path="/nonexistent",
        package_cache_path="/nonexistent",
    )
    made = compiler.compile(format="pdf", pdf_standards="ua-1")
    if not isinstance(made, bytes):
        raise RuntimeError("typst gave no file back")
    return made


if __name__ == "__main__":
    main()
