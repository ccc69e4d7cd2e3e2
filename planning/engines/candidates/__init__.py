"""Who may serve a shift at all, and which people hang together."""
