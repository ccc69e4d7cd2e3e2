"""Plan it, publish it, ask it, subscribe to it."""
