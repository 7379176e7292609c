"""Sending: outbox, SMTP and other channels."""
