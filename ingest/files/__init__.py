"""Files in folders, archives and uploads, and the originals kept of them."""
