"""The diary of a shift (sổ trực)."""
