"""The physiotherapist's report."""
