"""How many hours somebody works and serves."""
