"""Texts and missed calls that come in: whose they are, what they answer, and the list of what is unclear."""
