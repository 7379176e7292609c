"""The values that pages show, for one runner."""
