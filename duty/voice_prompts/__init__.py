"""Asks that an automatic call reads aloud and one key answers: for people whom nothing else reaches, or not in time."""
