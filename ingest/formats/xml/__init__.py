"""TCX and GPX, read as a stream."""
