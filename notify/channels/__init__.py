"""Carriers of words, by name; each knows its gateway and nothing of people."""
