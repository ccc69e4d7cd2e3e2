"""Accounts: made, locked, given a password; keys of the API."""
