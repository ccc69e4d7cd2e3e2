"""Who serves with whom."""
