"""Who is called next, when, and who has it: the loop that fires due steps, and the forecast of it."""
