"""Structured logs on stderr: readable on a terminal, JSON lines elsewhere."""

import contextlib
import logging
import sys
from typing import TextIO, cast

import structlog


class Calm:
    """A stream that lets a line go when it can't be written: where logs share a full disk, the server must live on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, or let go."""
        with contextlib.suppress(OSError):
            return self._stream.write(text)
        return 0

    def flush(self) -> None:
        """Flush, or let go."""
        with contextlib.suppress(OSError):
            self._stream.flush()


def set_up_logs(form: str = "auto", **context: str) -> None:
    """Configure structlog and the standard library's logging alike; `form` is console, json or auto."""
    calm = cast(TextIO, Calm(sys.stderr))
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
        logger_factory=structlog.PrintLoggerFactory(calm),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(calm)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=renderer))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
