"""Secrets, signatures, tokens, and how often a stranger may try."""
