"""Structured logs on stderr: readable on a terminal, JSON lines elsewhere."""

import logging
import sys

import structlog


def set_up_logs(form: str = "auto", **context: str) -> None:
    """Configure structlog and the standard library's logging alike; `form` is console, json or auto."""
    console = form == "console" or (form == "auto" and sys.stderr.isatty())

    def add_context(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        return {**context, **event}

    shared: list[structlog.typing.Processor] = [
        add_context,  # not context variables: those are a thread's own, and each follower has its thread
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=renderer))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
