"""When points of service are open, and until when they accept: by weekday, and on the days of Tết."""
