"""Devices that several people share at a duty desk."""
