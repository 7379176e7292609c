"""Settings: file, environment and choices."""
