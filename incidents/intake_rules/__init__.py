"""The rules of a source that reports by itself: written, put in words, tried out on what it sent."""
