"""Why a seat is empty or somebody serves, and what would change it."""
