"""Routines, evidence, bundles and red flags, read from TOML."""
