"""Quality checks: which parts of a recording can be trusted."""
