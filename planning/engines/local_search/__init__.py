"""The greedy engine: a whole roster at once, by filling, repairing and trading; no solver, no clock."""
