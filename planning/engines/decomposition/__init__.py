"""A big problem as smaller ones."""
