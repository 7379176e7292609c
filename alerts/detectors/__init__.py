"""The rules, one module a rule."""
