"""The alarms of which one incident was made: which, where, how bad, when they came and went."""
