"""A link by which an inspector reads how units stand, for a time, and what they looked at."""
