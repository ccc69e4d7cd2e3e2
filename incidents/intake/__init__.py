"""Alerts of other programs: received, batched, turned into incidents; heartbeats."""
