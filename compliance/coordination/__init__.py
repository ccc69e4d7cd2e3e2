"""Those outside whom one must reach: authorities and KT1 customers rung before Tết, and what they ask in writing."""
