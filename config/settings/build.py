"""Builds the effective settings: runner, rules, severity modifiers and email delivery."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from email.errors import MessageError
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzlocal

from alerts.alert.alert import Detector, Level
from alerts.alert.severity import Escalation
from alerts.detectors.registry import REGISTRY, make_rule
from alerts.notifications.compose.signed_links import Links
from alerts.notifications.delivery.mailer import FolderMailer, Mailer
from alerts.notifications.delivery.smtp import SmtpMailer
from alerts.notifications.policy.mail_policy import MailPolicy
from alerts.notifications.policy.timing import NEVER_QUIET, QuietHours, SendTime, Timing
from alerts.notifications.route import MailRoute
from alerts.runner.profile import Runner
from alerts.service.effective_settings import EffectiveSettings, MailMode
from alerts.text.units import IMPERIAL, METRIC, WEEKDAYS
from config.settings.build_channels import build_channels
from config.settings.data_folder import DataFolder
from config.settings.errors import SettingsError
from config.settings.schema import MailSettings, RunnerSettings, Settings
from config.settings.secret import load_secret

RUNNER_ID = 1
"""The one runner of an installation, until accounts come."""

NOBODY = "runner@localhost"
"""Stands on letters that go to the folder, where no address is set."""


def build_from_settings(home: DataFolder, settings: Settings, mailer: Mailer | None) -> EffectiveSettings:
    """Build and check the effective settings of the runner.

    Raises
    ------
    SettingsError
        Where a value cannot be used; it names the setting.
    """
    runner = build_runner(settings.runner)
    return EffectiveSettings(
        runner=runner,
        rules=build_detectors(settings.detectors),
        escalation=build_escalation(settings.runner),
        route=build_route(home, settings, runner, mailer),
        sender=sender_of(settings.mail, runner),
        mail_mode=mail_mode(settings),
        off=rules_off(settings.rules.off),
    )


def build_runner(settings: RunnerSettings) -> Runner:
    """The runner of the settings; an unknown time zone is a clear error."""
    name = settings.time_zone or tzlocal.get_localzone_name() or "UTC"
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        said = f"{name!r} is no time zone; use a name such as 'Europe/Berlin'"
        raise SettingsError(said, setting="runner.time_zone") from error
    if settings.email and not is_one_address(settings.email):
        raise SettingsError(f"{settings.email!r} is not one mail address", setting="runner.email")
    return Runner(
        id=RUNNER_ID,
        name=settings.name,
        email=settings.email or NOBODY,
        time_zone=zone,
        units=IMPERIAL if settings.units == "imperial" else METRIC,
        hard_heart_rate_bpm=settings.hard_heart_rate_bpm or None,
        language=settings.language,
        week_start=0 if settings.week_start == "monday" else 6,
    )


def is_one_address(text: str) -> bool:
    """Whether a letter could be addressed so."""
    message = EmailMessage()
    try:
        message["To"] = text
        addresses = message["To"].addresses
    except (ValueError, IndexError, MessageError):  # the address parser raises all three
        return False
    if len(addresses) != 1 or not addresses[0].username or not addresses[0].domain:
        return False
    # The parser leaves out what it cannot make sense of: "ada@exa mple.org" would go to somebody at "exa".
    return text.strip().removesuffix(">").endswith(addresses[0].domain)


def build_detectors(tables: Mapping[str, Mapping[str, Any]]) -> tuple[Detector, ...]:
    """Every registered rule with its parameters."""
    built: list[Detector] = []
    for kind, rule in REGISTRY.items():
        try:
            built.append(make_rule(rule, tables[kind]))
        except ValueError as error:
            raise SettingsError(str(error), setting=f"detectors.{kind}") from error
    return tuple(built)


def rules_off(named: tuple[str, ...]) -> frozenset[str]:
    """The kinds of the rules that are switched off; one that is none is a clear error."""
    for kind in named:
        if kind not in REGISTRY:
            raise SettingsError(f"there is no rule {kind!r}", setting="rules.off")
    return frozenset(named)


def build_escalation(settings: RunnerSettings) -> Escalation:
    """What raises an alert's level; an invalid date is a clear error."""
    try:
        injured = date.fromisoformat(settings.previous_injury) if settings.previous_injury else None
    except ValueError as error:
        said = f"{settings.previous_injury!r} is no day"
        raise SettingsError(said, setting="runner.previous_injury") from error
    return Escalation(injured, settings.together_days)


def sender_of(mail: MailSettings, runner: Runner) -> str:
    """The address that letters come from; with one that is none, no letter could be sent."""
    if mail.sender and not is_one_address(mail.sender):
        raise SettingsError(f"{mail.sender!r} is not one mail address", setting="mail.sender")
    return mail.sender or (mail.user if "@" in mail.user else runner.email)


def build_route(
    home: DataFolder, settings: Settings, runner: Runner, mailer: Mailer | None
) -> MailRoute | None:
    """How findings are told; None where neither mail nor anything else is on."""
    mail, channels = settings.mail, build_channels(settings, runner.id)
    if not mail.enabled and not channels:
        return None
    at_once = Level.INFO if mail.digest == "off" else Level[mail.at_once_level.upper()]
    reachable = settings.web.url
    return MailRoute(
        mailer=(mailer or build_mailer(home, settings)) if mail.enabled else None,
        policy=MailPolicy(
            Level[mail.min_level.upper()], mail.max_age_days, mail.pause_days, at_once, mail.notes_pause_days
        ),
        timing=build_timing(settings, runner.time_zone),
        dashboard_url=settings.web.address,
        links=Links(load_secret(home.secret), runner.id, reachable) if reachable else None,
        asks_after_silence=mail.ask_after_silence,
        channels=channels,
        subject_tells=mail.subject_tells,
    )


def build_timing(settings: Settings, zone: ZoneInfo) -> Timing:
    """When letters are written and may arrive; a folder makes no noise, so no hour is quiet there."""
    mail = settings.mail
    digest_at = SendTime(
        time.fromisoformat(mail.digest_at),
        WEEKDAYS.index(mail.digest_weekday.capitalize()) if mail.digest == "weekly" else None,
    )
    quiet = QuietHours(time.fromisoformat(mail.quiet_from), time.fromisoformat(mail.quiet_until))
    return Timing(
        zone,
        quiet=quiet if mail_mode(settings) == "smtp" else NEVER_QUIET,
        quiet_elsewhere=quiet,
        digest=None if mail.digest == "off" else digest_at,
        sunday=SendTime(time.fromisoformat(mail.sunday_at), 6) if mail.sunday_letter else None,
    )


def build_mailer(home: DataFolder, settings: Settings) -> Mailer:
    """A mail server where one is set and somebody to write to, else the folder."""
    mail = settings.mail
    if mail_mode(settings) != "smtp":
        return FolderMailer(home.mail)
    try:
        return SmtpMailer(
            host=mail.host, port=mail.port, tls=mail.tls, user=mail.user, password=mail.password
        )
    except ValueError as error:
        raise SettingsError(str(error), setting="mail") from error


def mail_mode(settings: Settings) -> MailMode:
    """How letters leave, in a word; without an address to write to, no mail server is asked."""
    if not settings.mail.enabled:
        return "off"
    return "smtp" if settings.mail.host and settings.runner.email else "folder"
