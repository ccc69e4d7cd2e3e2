"""Files and photographs that belong to an incident."""
