"""Maintenance windows and silences of sources: what comes meanwhile is kept and counted, nobody is called."""
