"""The register of letters: what they ask, of which units, what was done, and the proof of it."""
