"""Days of a campaign: classes, points and workdays."""
