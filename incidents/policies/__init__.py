"""Escalation policies: their rules, versions, drafts and which one holds."""
