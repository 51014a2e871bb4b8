"""`skywrite mail receive`: a mail from an existing mail server's pipe into the inbox.

That server has decided to deliver it here, so it is taken whoever it is to. The exit codes are those that mail servers
know (sysexits.h): 75 asks to be tried again, 65 says that there was no mail.
"""

import contextlib
import sys
from typing import Annotated

from cyclopts import Parameter

from skywrite.cli.common import COMMON, Common, Repeated, warn
from skywrite.kit.errors import SkywriteError

_TRY_AGAIN, _NO_MAIL = 75, 65
_READ_BYTES = 1 << 16


def receive(
    *,
    sender: Annotated[str | None, Parameter(name="--from")] = None,
    to: Annotated[tuple[str, ...], Repeated] = (),
    common: Common = COMMON,
) -> None:
    """Take a mail from the standard input: a bounce, a reply, a complaint. Ends with 0 once it is kept.

    Parameters
    ----------
    sender
        The envelope's sender; empty for the null sender of bounces.
    to
        The envelope's recipient, whoever that is; may be given again. Without one the mail's own headers say it.

    """
    try:
        code = _received(common, sender, to)
    except (SkywriteError, OSError) as error:
        warn(f"skywrite: {error}")
        code = _TRY_AGAIN
    if code:
        sys.exit(code)


def _received(common: Common, sender: str | None, to: tuple[str, ...]) -> int:
    from skywrite.channels.email.observing.hits import Incoming, mail_record  # noqa: PLC0415 - `--help` needs none of it
    from skywrite.kit.time import now_micros  # noqa: PLC0415
    from skywrite.wiring import has_inbox, open_bell, open_inbox  # noqa: PLC0415

    raw, size = _mail()
    if not raw.strip():
        warn("skywrite: there is no mail on the standard input.")
        return _NO_MAIL
    settings = common.settings
    if not has_inbox(settings):  # a mistyped --data must not swallow mail
        raise SkywriteError(
            f"No server has run on the data folder {settings.data.resolve()}: name it by --data or SKYWRITE_DATA."
        )
    with contextlib.closing(open_inbox(settings)) as inbox, contextlib.closing(open_bell(settings)) as bell:
        inbox.append([mail_record(Incoming(sender, tuple(filter(None, to)), "pipe", size), [raw], "", now_micros())])
        bell.ring()
    return 0


def _mail() -> tuple[bytes, int]:
    """As much of the standard input as is kept, and how long it is."""
    from skywrite.channels.email.observing.hits import KEPT_BYTES  # noqa: PLC0415

    parts: list[bytes] = []
    size = 0
    while part := sys.stdin.buffer.read(_READ_BYTES):
        if size < KEPT_BYTES:
            parts.append(part)
        size += len(part)
    return b"".join(parts), size
