"""How incidents went: numbers, charts and the morning report."""
