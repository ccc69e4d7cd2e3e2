"""Who of those on duty is there: checked in on site, ready at home, missed, or somebody else in their place."""
