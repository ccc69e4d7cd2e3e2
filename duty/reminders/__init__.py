"""Reminders of published shifts: a day and an hour before, in waking hours."""
