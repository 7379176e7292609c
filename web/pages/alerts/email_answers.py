"""The pages behind the links of a letter: a GET shows one button, only a POST acts.

Mail scanners open every link of a letter, so opening one must change nothing. The signature in the address
is the permission: there is no session, no cookie and no login, and with them nothing that a foreign page
could borrow.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Flask, render_template, request, url_for

from alerts.journal.red_flag import RedFlag
from alerts.notifications.compose.signed_links import Purpose
from alerts.service.answer_service import AnswerService, Reply
from alerts.text.i18n import gettext
from web.charts.hip_diagram import SPOTS
from web.http.forms import FormInput, empty_form, submitted_form
from web.pages.care.pain_forms import read_report, times

Page = tuple[str, int]


def init_email_answers(app: Flask, service: AnswerService, clock: Callable[[], datetime]) -> None:
    """Serve the pages; the signature stands in for the token that other forms need."""
    blueprint = answers_blueprint(service, clock)
    app.register_blueprint(blueprint)
    if "csrf" in app.extensions:
        app.extensions["csrf"].exempt(blueprint)


def answers_blueprint(service: AnswerService, clock: Callable[[], datetime]) -> Blueprint:
    """Ask, and act when asked to."""
    blueprint = Blueprint("answers", __name__)

    def show_report(typed: FormInput, status: int = 200) -> Page:
        questions = service.care.runner_service.care.red_flags
        return _report_page(
            typed, questions, service.care.runner_service.runner.day_of(clock()).isoformat()
        ), status

    @blueprint.get("/answer/hurts/<token>")
    def hurts(token: str) -> Page:
        if not service.may_report(token, clock()):
            return _refused()
        return show_report(empty_form())

    @blueprint.post("/answer/hurts/<token>")
    def report(token: str) -> Page:
        now = clock()
        if not service.may_report(token, now):
            return _refused()
        typed = submitted_form()
        made = read_report(
            typed, service.care.runner_service.care.red_flags, service.care.runner_service.runner.day_of(now)
        )
        return show_report(typed, 400) if made is None else _done(service.report(made, now))

    @blueprint.get("/answer/<purpose>/<token>")
    def ask(purpose: str, token: str) -> Page:
        known, now = _purpose(purpose), clock()
        question = service.ask(known, token, now) if known else None
        if question is None:
            return _refused(service.instead(known, token, now) if known else None)
        return render_template("answer.html", question=question, action=request.path), 200

    @blueprint.post("/answer/<purpose>/<token>")
    def act(purpose: str, token: str) -> Page:
        known, now = _purpose(purpose), clock()
        reply = service.act(known, token, now) if known else None
        if reply is None:
            return _refused(service.instead(known, token, now) if known else None)
        return _done(reply)

    return blueprint


def _purpose(word: str) -> Purpose | None:
    return Purpose(word) if word in set(Purpose) else None


def _report_page(typed: FormInput, questions: tuple[RedFlag, ...], day: str) -> str:
    return render_template(
        "answer_hurts.html",
        typed=typed,
        spots=SPOTS,
        times=times(),
        questions=questions,
        day=day,
        action=request.path,
    )


def _done(reply: Reply) -> Page:
    return render_template("answered.html", reply=reply, today_url=url_for("today.today")), 200


def _nothing() -> Reply:
    return Reply(
        gettext("This link no longer works."),
        gettext("It was made for something else, has expired, or is incomplete. Nothing was changed."),
    )


def _refused(instead: Reply | None = None) -> Page:
    return render_template(
        "answered.html", reply=instead or _nothing(), today_url=url_for("today.today")
    ), 404
