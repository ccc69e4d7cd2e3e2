"""Documents as issued: numbered once, kept with their hashes, withdrawn or replaced with a trace, never made again."""
