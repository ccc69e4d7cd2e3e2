"""Shared toolbox: database, clock, errors, text, lunar calendar. Knows nothing about rosters or incidents."""
