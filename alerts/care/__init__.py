"""Care as data: routines, red flags, evidence."""
