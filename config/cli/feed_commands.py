"""`hipwatch feed`: make, list and revoke secret addresses of the Atom feed."""

from __future__ import annotations

import click

from alerts.alert.alert import Level
from config.output.console import as_json, now, print_json
from config.output.open_folder import open_data_folder

level = click.Choice([level.word for level in Level])


@click.group()
def feed() -> None:
    """The Atom feed of findings, behind secret addresses."""


@feed.command()
@click.option("--level", "least", type=level, default="notice", show_default=True, help="From here on.")
@as_json
def new(least: str, *, as_json: bool) -> None:
    """Make an address; it is shown this once."""
    with open_data_folder() as services:
        token = services.feed_service.addresses.issue(Level[least.upper()], now=now())
        address = f"{services.settings.web.address.rstrip('/')}/feed/{token}.atom"
    print_json({"address": address}) if as_json else click.echo(address)


@feed.command("list")
@as_json
def list_feeds(*, as_json: bool) -> None:
    """List the addresses in force; the secret in them is not known any more."""
    with open_data_folder() as services:
        rows = [
            {"id": one.id, "level": one.shows.word, "created_at": one.created_at.isoformat()}
            for one in services.feed_service.addresses.all()
        ]
    if as_json:
        print_json(rows)
    else:
        for row in rows:
            click.echo(f"{row['id']:>4}  from {row['level']:<8} made {row['created_at']}")


@feed.command()
@click.argument("number", metavar="ID", type=click.IntRange(1))
def revoke(number: int) -> None:
    """End an address for good; ID as hipwatch feed list shows it."""
    with open_data_folder() as services:
        services.feed_service.addresses.revoke(number, now=now())
    click.echo(f"feed {number} opens nothing any more")
