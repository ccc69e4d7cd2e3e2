"""Demand, wishes and history from a spreadsheet."""
