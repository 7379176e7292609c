"""Builds the notification channels besides email, each for one runner or for all, from a level on."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.alert.alert import Level
from alerts.notifications.delivery.apprise_channel import Notifier
from alerts.notifications.delivery.channels import Channel
from alerts.notifications.delivery.webhook import Webhook
from config.settings.errors import SettingsError
from config.settings.schema import Settings

WEBHOOK = "webhook"
TAKEN = frozenset({"mail", WEBHOOK})


def build_channels(settings: Settings, runner_id: int) -> tuple[Channel, ...]:
    """The runner's notification channels.

    Raises
    ------
    SettingsError
        Where one can never work; an address that only Apprise can judge is judged when it is used.
    """
    return (*_webhook(settings, runner_id), *_notifiers(settings, runner_id))


def _webhook(settings: Settings, runner_id: int) -> Iterator[Channel]:
    hook = settings.webhook
    if not hook.url or hook.runner not in {0, runner_id}:
        return
    try:
        mailer = Webhook(hook.url, hook.secret.encode())
    except ValueError as error:
        raise SettingsError(str(error), setting=WEBHOOK) from error
    yield Channel(WEBHOOK, mailer, Level[hook.min_level.upper()])


def _notifiers(settings: Settings, runner_id: int) -> Iterator[Channel]:
    for name, chosen in settings.notify.items():
        if name in TAKEN:
            raise SettingsError("this name is taken; choose another", setting=f"notify.{name}")
        if not chosen.url:
            raise SettingsError("it is empty; where should it go?", setting=f"notify.{name}.url")
        if chosen.runner in {0, runner_id}:
            form, least = chosen.says, Level[chosen.min_level.upper()]
            yield Channel(name, Notifier(name, chosen.url), least, form)
