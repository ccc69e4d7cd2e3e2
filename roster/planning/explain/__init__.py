"""Why a roster is as it is: who else could take a seat, why one is empty, what would help. Codes, never sentences."""

from __future__ import annotations

from roster.planning.explain.cells import Candidate, candidates_for
from roster.planning.explain.empty import shortages

__all__ = ["Candidate", "candidates_for", "shortages"]
