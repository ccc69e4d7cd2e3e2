"""Column generation for the published instances: whole personal rosters as columns, priced by a dynamic programme."""
