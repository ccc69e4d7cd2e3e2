"""How often anybody may try to come in."""
