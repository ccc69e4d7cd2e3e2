"""Minutes, hours, overtime and points of shifts."""
