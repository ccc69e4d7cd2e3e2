"""The incident itself: its row, states, timeline, and who may see it."""
