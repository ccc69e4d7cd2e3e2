"""A small unit's roster by a pattern, without a solver: one person throughout, or people in turn."""
