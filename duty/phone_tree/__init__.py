"""Who serves a unit and everything below it in the coming days, with numbers: kept on phones, printed, mailed."""
