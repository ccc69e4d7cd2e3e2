"""What makes the most frequent calls fast at a price in plainness; each earns its place (docs/decisions/0036)."""
