"""Log it, escalate it, acknowledge it, resolve it, learn from it."""
