"""Alerts, answers from emails, and the feed."""
