"""Use cases shared by the command line, the schedule and the web."""
