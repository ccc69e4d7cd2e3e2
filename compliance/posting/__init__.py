"""What must hang at a point of service: texts, posters, and the proof that they hang."""
