"""The signed paper as it came back: a scan, or a PDF signed elsewhere; what its signatures say."""
