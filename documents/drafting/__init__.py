"""A document before it is issued: what it will say, from whom, to whom."""
