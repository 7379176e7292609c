"""The accounts of an installation, put together from its database, its secret and its settings."""

from __future__ import annotations

from config.composition.services import Services
from config.settings.secret import load_secret
from web.accounts.account_service import AccountDesk


def account_desk(services: Services) -> AccountDesk:
    """Make the desk that knows who may open the dashboard."""
    web = services.settings.web
    return AccountDesk(
        database=services.database,
        runner_id=services.watch.runner.id,
        secret=load_secret(services.home.secret),
        address=web.address,
        proxies=web.proxies,
    )
