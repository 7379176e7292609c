"""Accounts: who may open the dashboard, and the one door to Flask-Security."""
