"""A campaign from nothing, on one page: Tết and its break, units, shifts with headcounts, and what that makes."""
