"""Running the rules over a history, again and with other numbers."""
