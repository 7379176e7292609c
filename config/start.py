"""Entry point of `hipwatch`; light, as every decoding process loads it too."""

from __future__ import annotations


def main() -> None:
    """Load the command line and run it."""
    from config.cli.main import main as command  # noqa: PLC0415 - processes that decode need none of it

    command()
