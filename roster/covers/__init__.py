"""Who could take a seat that somebody has dropped, and what an absence does."""
