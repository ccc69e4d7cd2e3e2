"""Alarms that come by mail: fetched from a mailbox, judged, handed to the rules of their source."""
