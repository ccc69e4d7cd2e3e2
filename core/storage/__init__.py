"""Below the session: both databases, the queue for the writer, commits shared by several."""
