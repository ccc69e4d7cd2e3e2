"""Whoever serves outside their unit is asked first."""
