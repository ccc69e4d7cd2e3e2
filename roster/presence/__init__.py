"""Who of those on duty is there: checked in on site, ready at home, or missed."""
