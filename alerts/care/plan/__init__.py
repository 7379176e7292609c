"""Plans: routines, long runs, the return to running, shoes."""
