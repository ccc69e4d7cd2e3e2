"""What leaves the incident desk on paper: records, notices, minutes, the diary."""
