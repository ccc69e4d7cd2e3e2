"""Why a roster is as it is: who else could take a seat, why one is empty, what would help. Codes, never sentences."""

from __future__ import annotations

from planning.explain.empty_seats import shortages
from planning.explain.who_else import Candidate, candidates_for

__all__ = ["Candidate", "candidates_for", "shortages"]
