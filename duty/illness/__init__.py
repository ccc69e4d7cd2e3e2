"""Somebody cannot come: the shifts that it hits, who is asked to take them in which order, and how far that is."""
