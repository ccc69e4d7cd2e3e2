"""Whether the next seven days will go well: one score, one list of what is left to do, and a letter in the morning."""
