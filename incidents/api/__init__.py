"""The calls of the API that answer with a whole incident, or that several rooms have a part in."""
