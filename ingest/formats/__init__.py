"""File formats: bytes in, a ``Recording`` out."""
