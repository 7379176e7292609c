"""From a watch's bytes to stored runs."""
