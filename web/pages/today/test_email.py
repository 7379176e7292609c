"""Send a trial letter from a page, to the runner's own address alone, and again what was given up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from alerts.errors import LetterError
from alerts.notifications.delivery.test_send import Trial, Trials, try_letters
from alerts.service.care_service import CareDesk
from alerts.text.i18n import say, say_many
from web.http.forms import done

TOO_SOON = 429


def mail_trial_blueprint(desk: CareDesk, clock: Callable[[], datetime]) -> Blueprint:
    """Answer with each step that went well, and the server's own words where one did not."""
    blueprint = Blueprint("mail_trial", __name__)
    trials = Trials()

    @blueprint.post("/settings/mail/trial")
    def send() -> tuple[str, int]:
        now = clock()
        if not trials.may_begin(now):
            return render_template("mail_trial.html", trial=None), TOO_SOON
        return render_template("mail_trial.html", trial=_try(desk, now)), 200

    @blueprint.post("/settings/mail/retry")
    def retry() -> Response:
        count = desk.watch.outbox.revive(clock())
        words = say_many("{n} is sent again within minutes.", "{n} are sent again within minutes.", count)
        return done(words, "today.today")

    return blueprint


def _try(desk: CareDesk, now: datetime) -> Trial:
    watch = desk.watch
    try:
        return try_letters(watch.route, to=watch.runner.email, sender=watch.outbox.sender, now=now)
    except LetterError as error:
        return Trial((), str(error), say("Look at email under [runner] and at sender under [mail]."))
