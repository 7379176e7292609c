"""From training days to advice delivered."""
