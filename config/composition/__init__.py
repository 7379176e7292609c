"""The composition root: services built from settings."""
