"""Whether all is well: what /readyz, the metrics, the banner and the watchdog say."""
