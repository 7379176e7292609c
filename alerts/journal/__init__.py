"""What the runner records: pain, routines done, plans, shoes."""
