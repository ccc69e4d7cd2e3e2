"""Who exists, what they may do, how to reach them, when they are away."""
