"""Settings, composition and start of Hipwatch."""
