"""The board: several incidents at once, and who is looking at one now."""
