"""Recordings as files hold them: bytes in, a Recording out."""
