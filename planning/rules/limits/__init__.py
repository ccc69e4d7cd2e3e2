"""How many shifts of a kind somebody has."""
