"""Incidents that the desk raises itself: a duty that nobody is sure to serve, or whose holder has not come."""
