"""Parcels looked into before they are accepted: numbers of each day, and what was found."""
