"""What the fast run leaves out: ``pytest -m "not slow"`` runs everything else.

A test is slow by its need (a browser, a server, real recordings) or by its file. The files here start
processes, import weeks of runs for each test, or try thousands of made-up cases. A single test elsewhere is
marked with ``pytest.mark.slow``.
"""

from __future__ import annotations

SLOW_NEEDS = ("browser", "database", "mail", "recordings")

SLOW_FILES = frozenset(
    {
        "alerts/care/test_advice_gate.py",
        "alerts/detectors/test_detectors_contract.py",
        "alerts/detectors/test_detectors_invariance.py",
        "alerts/detectors/test_detectors_look.py",
        "alerts/evaluation/test_replay.py",
        "alerts/evaluation/test_run_limit.py",
        "alerts/notifications/test_expired_emails.py",
        "alerts/notifications/test_heard.py",
        "alerts/notifications/test_notification_policy.py",
        "alerts/notifications/test_notify.py",
        "alerts/notifications/test_quiet.py",
        "alerts/service/test_care_service.py",
        "alerts/service/test_runner_service.py",
        "alerts/service/test_same_groups.py",
        "alerts/views/test_suppressed_alerts.py",
        "benchmarks/test_outbox.py",
        "benchmarks/test_runner_years.py",
        "config/cli/test_account_commands.py",
        "config/cli/test_care_commands.py",
        "config/cli/test_cli.py",
        "config/cli/test_export_commands.py",
        "config/cli/test_mail_commands.py",
        "config/cli/test_replay.py",
        "config/composition/test_executors.py",
        "config/demo/test_demo_show.py",
        "config/demo/test_demo_story.py",
        "config/server/test_apart.py",
        "config/server/test_serving.py",
        "config/server/test_watched.py",
        "config/settings/test_choices.py",
        "ingest/analysis/test_quality_any.py",
        "ingest/files/test_export_manifest.py",
        "ingest/formats/test_fit_damage.py",
        "ingest/pipeline/test_faults.py",
        "ingest/pipeline/test_importer.py",
        "ingest/pipeline/test_inbox.py",
        "ingest/pipeline/test_process_file.py",
        "ingest/pipeline/test_reprocess.py",
        "ingest/storage/test_duplicate_store.py",
        "ingest/storage/test_store.py",
        "web/accounts/test_accounts_secrets.py",
        "web/charts/test_zoom.py",
        "web/http/test_german.py",
        "web/http/test_keeping.py",
        "web/pages/test_answers.py",
        "web/pages/test_files.py",
        "web/pages/test_findings.py",
        "web/pages/test_mail_trial.py",
        "web/pages/test_paper.py",
        "web/pages/test_settings.py",
    }
)
"""Paths below ``tests/``; ``test_require`` fails where one of them is gone."""
