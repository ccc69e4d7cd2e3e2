"""Who may serve a shift at all."""
