"""Official documents: what leaves the office on paper, made one way, numbered once, kept as issued."""
