"""A draft that a leader approves before it is published: submitted, returned or approved, by page or by link."""
