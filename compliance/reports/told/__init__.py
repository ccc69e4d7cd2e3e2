"""What each part of a report tells: one file for each kind of ground that it stands on."""
