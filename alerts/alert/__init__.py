"""Alerts: what a rule found, how serious it is, and where it is stored."""
