"""Incidents that the desk raises itself: a duty that nobody is sure to serve."""
