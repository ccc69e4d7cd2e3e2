"""Pages and calls that show several rooms at once: campaigns, rules, solving, fairness, publishing, revisions."""
