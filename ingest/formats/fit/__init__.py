"""FIT: Garmin's binary format, read by columns."""
