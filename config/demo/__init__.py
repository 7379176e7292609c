"""The made-up runner of `hipwatch demo`."""
