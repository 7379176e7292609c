"""Text, languages and units."""
