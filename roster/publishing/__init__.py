"""From draft to revision: whole or in part, printed, exported, told."""
