"""Runs, calendar, training and technique."""
