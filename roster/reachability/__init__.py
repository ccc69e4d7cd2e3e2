"""Whether those on duty can be reached."""
