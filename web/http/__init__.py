"""Requests and responses: security, forms, languages, caches."""
