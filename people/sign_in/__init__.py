"""Coming in: password, PIN, sessions, the first administrator."""
