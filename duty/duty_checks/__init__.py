"""Unannounced checks: do those on duty now answer, and after how long; no escalation, a sheet at the end."""
