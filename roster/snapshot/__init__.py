"""Everything that a roster is judged by, read once, as a Problem."""
