"""How much time lies between the shifts of one person."""
