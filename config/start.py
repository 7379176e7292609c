"""The way in for the command `hipwatch`: every process that decodes runs the script too, so it is light."""

from __future__ import annotations


def main() -> None:
    """Load the command line and run it."""
    from config.cli.main import main as command  # noqa: PLC0415 - processes that decode need none of it

    command()
