"""Pain: its state, its scale, and the red-flag lock on advice."""
