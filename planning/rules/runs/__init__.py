"""What follows what, day after day."""
