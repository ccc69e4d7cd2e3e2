"""Many incidents taken at once in a storm: which may be, what it means, and what became of each."""
