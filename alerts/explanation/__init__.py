"""Alerts in words: why, compared with what, and what belongs together."""
