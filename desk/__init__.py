"""Bàn trực, first-run checklist: reads everything, owns nothing."""
