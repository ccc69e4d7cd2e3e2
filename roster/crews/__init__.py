"""Crews of a unit (kíp): people who serve together, rotate over a campaign and are edited as one row."""
