"""Alarms of one source that come close together are one incident."""
