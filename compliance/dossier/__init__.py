"""One paper for each unit: what a letter asks of it, what was done, and the proof."""
