"""`hipwatch accounts`: who may open the dashboard. No password is typed here: one-time links set them."""

from __future__ import annotations

from datetime import datetime, timedelta

import click

from alerts.service.physio_report import SECTIONS
from config.composition.accounts import build_account_service
from config.composition.services import Services
from config.output.console import as_json, now, print_json, print_message
from config.output.open_folder import open_data_folder
from web.accounts.account_store import Account, AccountKind
from web.accounts.one_time_links import LIFETIME

valid_hours = click.option(
    "--hours", type=click.IntRange(1, 168), help="How long the link works.  [default: half an hour]"
)


@click.group()
def accounts() -> None:
    """Who may open the dashboard; with the first account everybody else has to log in."""


@accounts.command("add")
@click.argument("name")
@click.option("--physiotherapist", is_flag=True, help="Opens the page for the physiotherapist alone.")
@click.option(
    "--without", "hides", multiple=True, type=click.Choice(SECTIONS), help="A part that is not shown."
)
@valid_hours
@as_json
def create_account(
    name: str, hides: tuple[str, ...], hours: int | None, *, physiotherapist: bool, as_json: bool
) -> None:
    """Make an account and print the one-time link that sets its password."""
    if hides and not physiotherapist:
        raise click.UsageError("--without belongs to --physiotherapist; other accounts see everything")
    kind = AccountKind.PHYSIOTHERAPIST if physiotherapist else AccountKind.ADMINISTRATOR
    with open_data_folder() as services:
        number = build_account_service(services).register.add(name, kind, now=now(), hides=hides)
        _tell_link(services, number, hours, now(), as_json=as_json)


@accounts.command("list")
@as_json
def list_accounts(*, as_json: bool) -> None:
    """List the accounts and what guards them."""
    with open_data_folder() as services:
        found = build_account_service(services).register.all()
    if as_json:
        print_json([_row(one) for one in found])
    else:
        for one in found:
            click.echo(_line(one))


@accounts.command()
@click.argument("name")
@valid_hours
@as_json
def reset(name: str, hours: int | None, *, as_json: bool) -> None:
    """End the password and every login of an account; print a one-time link to a new one."""
    with open_data_folder() as services:
        account_service = build_account_service(services)
        account = account_service.register.find(name)
        account_service.register.forget_password(account)
        account_service.forgive(account)
        _tell_link(services, account.id, hours, now(), as_json=as_json)


@accounts.command("remove-second-factor")
@click.argument("name")
def remove_second_factor(name: str) -> None:
    """Take app, recovery codes and passkeys from an account, for a phone that is lost."""
    with open_data_folder() as services:
        account_service = build_account_service(services)
        account = account_service.register.find(name)
        account_service.register.forget_second_factor(account)
        account_service.forgive(account)
    print_message(f"{account.name} logs in with name and password alone, and is logged out everywhere")


@accounts.command()
@click.argument("name")
def remove(name: str) -> None:
    """Remove an account for good; with the last one the dashboard opens without login again."""
    with open_data_folder() as services:
        account_service = build_account_service(services)
        account = account_service.register.find(name)
        account_service.register.remove(account)
        is_last = not account_service.register.exist()
    print_message(f"{account.name} opens nothing any more")
    if is_last:
        print_message("no account is left: from its next start on the dashboard opens without login")


def _tell_link(
    services: Services, number: int, hours: int | None, moment: datetime, *, as_json: bool
) -> None:
    lifetime = timedelta(hours=hours) if hours else LIFETIME
    address = build_account_service(services).link(number, now=moment, lifetime=lifetime)
    if as_json:
        print_json({"link": address, "valid_until": (moment + lifetime).isoformat()})
    else:
        print_message("The password is set here, once:")
        click.echo(address)


def _row(one: Account) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "kind": one.kind.value,
        "hides": list(one.hides),
        "has_password": one.has_password,
        "has_app": one.has_app,
        "recovery_codes_left": one.recovery_codes_left,
        "passkeys": one.passkeys,
        "created_at": one.created_at.isoformat(),
        "seen_at": one.seen_at.isoformat() if one.seen_at else None,
    }


def _line(one: Account) -> str:
    guards = [
        "password" if one.has_password else "no password yet",
        *(["app"] if one.has_app else []),
        *([f"{one.passkeys} passkeys"] if one.passkeys else []),
    ]
    seen = f"last seen {one.seen_at:%Y-%m-%d}" if one.seen_at else "never seen"
    return f"{one.name:<20} {one.kind.value:<16} {', '.join(guards)} · {seen}"
