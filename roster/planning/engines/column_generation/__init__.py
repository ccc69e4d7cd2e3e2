"""Whole personal rosters as paths through the days: an exact dynamic programme, priced by column generation."""
