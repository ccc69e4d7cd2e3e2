"""Days: solar and lunar, and as people write them."""
