"""`skywrite up`, `web` and `worker`: the processes."""

from pathlib import Path
from typing import Literal

from skywrite.cli.greeting import begin_greeting
from skywrite.kit.logs import set_up_logs
from skywrite.settings import load_settings


def up(*, data: Path | None = None, host: str | None = None, port: int | None = None) -> None:
    """Run everything in the foreground under one supervisor; Ctrl-C or SIGTERM drains and ends it."""
    from skywrite.supervisor import run_up  # noqa: PLC0415

    settings = load_settings(data=data, host=host, port=port)
    set_up_logs(settings.log_format, process="supervisor")
    run_up(settings, when_listening=lambda: begin_greeting(settings))


def web(*, data: Path | None = None, host: str | None = None, port: int | None = None) -> None:
    """Run one web process alone, for those who have their own supervisor."""
    from skywrite.web import run_web  # noqa: PLC0415

    settings = load_settings(data=data, host=host, port=port)
    set_up_logs(settings.log_format, process="web")
    run_web(settings)


def worker(
    *, data: Path | None = None, only: Literal["warehouse", "delivery", "contacts", "mail"] | None = None
) -> None:
    """Run one worker process alone: all roles, or only those of one process."""
    from skywrite.worker import run_worker  # noqa: PLC0415

    settings = load_settings(data=data)
    set_up_logs(settings.log_format, process=f"worker-{only or 'all'}")
    run_worker(settings, only)
