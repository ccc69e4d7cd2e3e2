"""Secret addresses by which people come without signing in: made, read again, taken back."""
