"""How an incident comes to be: logged once, numbered, at a desk, on a phone or without a network."""
