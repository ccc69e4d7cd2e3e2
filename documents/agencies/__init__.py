"""How a unit writes itself on paper: names, place, numbers, recipients, and who signs; each with the days it holds."""
