"""Whether a shift has the people that it asks for."""
