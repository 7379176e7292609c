"""The accounts of an installation, put together from its database, its secret and its settings."""

from __future__ import annotations

from config.composition.services import Services
from config.settings.secret import load_secret
from web.accounts.account_service import AccountService


def build_account_service(services: Services) -> AccountService:
    """Build the account service of an installation."""
    web = services.settings.web
    return AccountService(
        database=services.database,
        runner_id=services.runner_service.runner.id,
        secret=load_secret(services.home.secret),
        address=web.address,
        proxies=web.proxies,
    )
