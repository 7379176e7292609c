"""The gate in front of every rule: what is odd about an activity, and what it may still count for."""
