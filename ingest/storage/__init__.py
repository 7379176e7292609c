"""Activities in the database."""
