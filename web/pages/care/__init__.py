"""Pain, care, plan and shoes."""
