"""Incidents that are one: found, merged, parted again."""
