"""The files: hand some over, see what became of them, have what was set aside tried again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from alerts.text.i18n import gettext, ngettext
from alerts.text.rejection_reasons import translate_reason
from alerts.text.units import number
from alerts.views.files_view import FilesView
from ingest.files.uploads import QuarantinedFile
from web.http.ports import DashboardSource
from web.http.uploads import LIMITS, MOST_IN_ALL
from web.pages.today.status import import_trouble

RENEW_S = 3
"""So often the page of progress looks again. [s]"""

MOST_REASONS = 10

LONGEST_WATCH = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FilesPage:
    """Everything that the page of files says, in finished words."""

    sentence: str
    reason: str
    inbox: str
    waiting: tuple[str, ...]
    more_waiting: str
    set_aside: tuple[QuarantinedFile, ...]
    more_set_aside: str
    is_retrying: bool
    is_busy: bool
    trouble: str


def files_page(view: FilesView) -> FilesPage:
    """Put the files into words."""
    hidden_waiting = view.waiting_count - len(view.waiting)
    hidden_aside = view.set_aside_count - len(view.set_aside)
    return FilesPage(
        sentence=_sentence(view),
        reason=_reason(view),
        inbox=view.inbox,
        waiting=view.waiting,
        more_waiting=_others(hidden_waiting) if view.waiting else "",
        set_aside=tuple(replace(one, reason=translate_reason(one.reason)) for one in view.set_aside),
        more_set_aside=_older(hidden_aside),
        is_retrying=view.is_retrying,
        is_busy=view.is_busy,
        trouble=import_trouble(view.trouble),
    )


def _others(more: int) -> str:
    return ngettext("and {n}\xa0other", "and {n}\xa0others", more, n=number(more)) if more > 0 else ""


def _older(more: int) -> str:
    return ngettext("and {n}\xa0older one", "and {n}\xa0older ones", more, n=number(more)) if more > 0 else ""


def _sentence(view: FilesView) -> str:
    if view.is_retrying:
        return gettext("Retrying the files that couldn’t be read.")
    if view.waiting_count:
        n = view.waiting_count
        return ngettext("{n}\xa0file is waiting.", "{n}\xa0files are waiting.", n, n=number(n))
    return gettext("All up to date.")


def _reason(view: FilesView) -> str:
    when = gettext("so far") if view.since else gettext("today")
    parts = [
        ngettext(
            "{n}\xa0file with activities imported {when}",
            "{n}\xa0files with activities imported {when}",
            view.taken,
            n=number(view.taken),
            when=when,
        )
        if view.taken
        else gettext("None imported {when}", when=when)
    ]
    if view.ignored:
        parts.append(gettext("{ignored} without an activity skipped", ignored=view.ignored))
    if view.set_aside_count:
        parts.append(gettext("{set_aside_count} couldn’t be read", set_aside_count=view.set_aside_count))
    return f"{'; '.join(parts)}."


def files_blueprint(source: DashboardSource, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the page of files, take files in, and show how far it is."""
    blueprint = Blueprint("files", __name__)

    @blueprint.get("/files")
    def page() -> str:
        shown = files_page(source.history_views.files(clock()))
        return render_template("files.html", shown=shown, limits=LIMITS)

    @blueprint.post("/files")
    def upload() -> Response:
        now = clock()
        since = int((_since(request.form.get("since", ""), now) or now).timestamp())
        files = [file for file in request.files.getlist("files") if file.filename]
        if not files:
            flash(gettext("No file was chosen; nothing was changed."))
            return redirect(url_for("files.page"), code=303)
        laid, refused = source.history_views.save_uploads(
            (file.stream, file.filename or "") for file in files
        )
        handed = laid + _handed_before(request.form.get("handed", ""))
        sentences = _refused(refused)
        if "more" in request.form:  # a script sends many files in turns, and this was not the last
            return jsonify(since=since, handed=handed, refused=sentences)
        if handed:
            flash(
                ngettext(
                    "{n}\xa0file uploaded. You can leave this page; the import continues.",
                    "{n}\xa0files uploaded. You can leave this page; the import continues.",
                    handed,
                    n=number(handed),
                )
            )
        for sentence in sentences:
            flash(sentence)
        return redirect(url_for("files.progress", since=since), code=303)

    @blueprint.get("/files/progress")
    def progress() -> str:
        now = clock()
        since = _since(request.args.get("since", ""), now)
        shown = files_page(source.history_views.files(now, since=since))
        looks_again_s = RENEW_S if shown.is_busy and "still" not in request.args else 0
        return render_template("progress.html", shown=shown, looks_again_s=looks_again_s)

    @blueprint.post("/files/retry")
    def retry() -> Response:
        source.history_views.request_retry()
        flash(
            gettext("Retrying the files that couldn’t be read. You can leave this page; the work continues.")
        )
        return redirect(url_for("files.progress", since=int(clock().timestamp())), code=303)

    return blueprint


def _refused(reasons: Sequence[str]) -> list[str]:
    """Say why files were not taken, of very many only how many more."""
    said = [
        gettext("Not imported: {sentence}.", sentence=translate_reason(reason))
        for reason in reasons[:MOST_REASONS]
    ]
    more = len(reasons) - len(said)
    return [*said, gettext("And {refused} more weren’t imported.", refused=number(more))] if more else said


def _handed_before(text: str) -> int:
    """Read how many files went in the turns before this one."""
    return min(int(text), MOST_IN_ALL) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _since(text: str, now: datetime) -> datetime | None:
    """Read since when to count; nothing where that is no moment of the last day."""
    if text.isascii() and text.isdigit() and len(text) < 12:
        since = datetime.fromtimestamp(int(text), UTC)
        if now - LONGEST_WATCH <= since <= now:
            return since
    return None
