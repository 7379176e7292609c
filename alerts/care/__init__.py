"""Care: pain, plans, routines and their evidence."""
