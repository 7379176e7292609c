"""A finding in words, said once for page and letter."""
