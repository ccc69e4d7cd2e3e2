"""Rules, seats and reasons in sentences."""
