"""The server process: web server, schedule, lock."""
