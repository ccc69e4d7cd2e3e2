"""How a call of the API is described, checked, answered and documented."""
