"""The review of an incident that is closed, and what came of it."""
