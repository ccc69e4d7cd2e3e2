"""Letters, what they require, and the proof that it was done: evidence, posting, checks, authorities, reports."""
