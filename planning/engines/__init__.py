"""Engines find rosters: each says the rules again in its own way, and none of them judges its own work."""
