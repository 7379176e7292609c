"""The table of training days that every rule reads."""
