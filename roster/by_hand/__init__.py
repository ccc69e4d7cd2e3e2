"""Telling people of what was published where no machine does: texts to copy, slips, a list to ring."""
