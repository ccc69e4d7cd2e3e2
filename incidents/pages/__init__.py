"""Pages that show several rooms at once: the board, one incident, quick log, policies, sources, what a call opens."""
