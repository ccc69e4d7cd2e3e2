"""A call on its way: acknowledged by link or key, bundled, read out, or made by hand."""
