"""A campaign: the days and units that are planned together, and where it stands."""
