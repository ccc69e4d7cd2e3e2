"""Whose published duty on site is overtime is asked whether they agree to it: a question apart from that of serving."""
