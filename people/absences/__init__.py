"""Who is away from when to when, and what that does to shifts that are published."""
