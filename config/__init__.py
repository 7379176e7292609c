"""How Hipwatch is put together and started."""
