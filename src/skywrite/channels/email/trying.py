"""Sends one real mail past the outbox, and shows the whole talk with the server."""

import asyncio
import time
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate, make_msgid

from msgspec import Struct

from skywrite.channels.email.carrying import Outcome, Outgoing, Stage
from skywrite.channels.email.dns import Dns
from skywrite.channels.email.domains.signing import Signing
from skywrite.channels.email.opening import open_provider
from skywrite.channels.email.settings.model import ChannelSettings
from skywrite.kit.errors import Refused

_ANSWER_SECONDS = 15.0
_LONGEST = 60.0
_MOST_LINES = 500
_TEXT = "This is a test mail of Skywrite.\n\nIt went by the email channel as it is set up now.\n"


class Tried(Struct, frozen=True):
    """What became of a test mail."""

    outcome: Outcome
    transcript: list[str]  # "C: ..." what we said, "S: ..." what the server did
    millis: int


async def try_mail(
    kept: ChannelSettings, signing: Signing, to: str, *, allow_private: bool = False, dns: Dns | None = None
) -> Tried:
    """Send a test mail to an address. Raises Refused where the channel is not set up."""
    if not kept.email.from_address:
        raise Refused("Say first from which address mail is sent.", where="from_address")
    transcript: list[str] = []
    mail = _test_mail(kept, signing, to)
    client = open_provider(kept, allow_private=allow_private, trace=transcript.append, dns=dns, seconds=_ANSWER_SECONDS)
    told: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
    began = time.monotonic()
    client.submit(mail, told.set_result)
    try:
        outcome = await asyncio.wait_for(asyncio.shield(told), _LONGEST)
    except TimeoutError:
        outcome = Outcome("later", Stage.CONNECT, f"Nothing was decided within {_LONGEST:g} seconds.")
    finally:
        closing = asyncio.ensure_future(client.close())
        await asyncio.wait([closing], timeout=_ANSWER_SECONDS)
    return Tried(outcome, transcript[:_MOST_LINES], round((time.monotonic() - began) * 1000))


def _test_mail(kept: ChannelSettings, signing: Signing, to: str) -> Outgoing:
    own = kept.email
    message = EmailMessage(SMTP.clone(cte_type="7bit"))
    try:
        message["From"] = formataddr((own.from_name, own.from_address))
        message["To"] = to
        message["Subject"] = "A test mail of Skywrite"
    except ValueError:
        raise Refused(f"{to[:80]!r} is no address that mail can be sent to.", where="to") from None
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=own.from_domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_TEXT)
    return Outgoing(0, own.from_address, to, signing.signed(message.as_bytes(), own.from_domain))
