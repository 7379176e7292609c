"""What is computed from one recording."""
