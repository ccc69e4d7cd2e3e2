"""People who stand beside whoever holds a published seat, to learn: shown and told, they never cover."""
