"""Recordings in XML: GPX and TCX."""
