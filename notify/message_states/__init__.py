"""How a message stands: what became of it, and whether what it says is still so."""
