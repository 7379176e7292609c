"""The FIT protocol: headers, definitions, messages and their bytes."""
