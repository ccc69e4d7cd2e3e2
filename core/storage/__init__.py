"""Below the session: both databases and the queue of writers."""
