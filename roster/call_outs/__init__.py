"""When people on call were called out, reckoned from incidents and presence."""
