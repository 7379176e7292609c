"""The runner: profile, preferences and private URLs."""
