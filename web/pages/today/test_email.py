"""Send a trial letter from a page, to the runner's own address alone, and again what was given up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from alerts.errors import EmailError
from alerts.notifications.delivery.test_send import SendTestLimiter, SendTestResult, send_test_email
from alerts.service.care_service import CareService
from alerts.text.i18n import gettext, ngettext
from web.http.forms import flash_and_redirect

TOO_SOON = 429


def mail_trial_blueprint(care_service: CareService, clock: Callable[[], datetime]) -> Blueprint:
    """Answer with each step that went well, and the server's own words where one did not."""
    blueprint = Blueprint("mail_trial", __name__)
    trials = SendTestLimiter()

    @blueprint.post("/settings/mail/trial")
    def send() -> tuple[str, int]:
        now = clock()
        if not trials.may_begin(now):
            return render_template("mail_trial.html", trial=None), TOO_SOON
        return render_template("mail_trial.html", trial=_try(care_service, now)), 200

    @blueprint.post("/settings/mail/retry")
    def retry() -> Response:
        count = care_service.runner_service.outbox.requeue_dead(clock())
        words = ngettext("{n} will be resent within minutes.", "{n} will be resent within minutes.", count)
        return flash_and_redirect(words, "today.today")

    return blueprint


def _try(care_service: CareService, now: datetime) -> SendTestResult:
    runner_service = care_service.runner_service
    try:
        return send_test_email(
            runner_service.route, to=runner_service.runner.email, sender=runner_service.outbox.sender, now=now
        )
    except EmailError as error:
        return SendTestResult((), str(error), gettext("Check email under [runner] and sender under [mail]."))
