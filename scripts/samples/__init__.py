"""The sample data that makes the screens worth looking at; ``whole`` puts together what the others add."""
