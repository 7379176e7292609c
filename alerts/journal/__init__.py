"""What the runner tells: pain, routines done, shoes, planned runs, and who looked at a red flag."""
