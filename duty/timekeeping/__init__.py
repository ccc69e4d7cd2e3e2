"""What each person really served, and what those hours are worth: reckoned, shown, closed."""
