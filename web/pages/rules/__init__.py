"""Rules and their settings."""
