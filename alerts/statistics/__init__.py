"""Rolling statistics and change points."""
