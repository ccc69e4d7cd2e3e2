"""Several calls of one person in one letter: when, which, and who writes it."""
