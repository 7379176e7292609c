"""What can be set: file, environment and choices."""
