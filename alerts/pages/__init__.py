"""What the dashboard reads: plain data of one runner, put together for a page."""
