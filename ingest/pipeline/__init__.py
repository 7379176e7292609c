"""From a file in the inbox to a stored activity."""
