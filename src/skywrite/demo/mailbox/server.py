"""The mailbox's SMTP server: takes what is sent to people it knows, refuses the rest as a real one would."""

import asyncio
from collections.abc import Callable
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from skywrite.demo.mailbox.mails import Mail, Mails

Answer = Callable[[str], str]  # an address to the server's reply to RCPT, "" to take it
_LARGEST_BYTES = 25 << 20
_START_SECONDS = 60.0


class Mailbox:
    """A real SMTP server on loopback. `answer` decides about each recipient, `on_mail` hears of each mail taken.

    Both are called in the server's own thread.
    """

    def __init__(self, mails: Mails, answer: Answer, on_mail: Callable[[Mail], None]) -> None:
        self._mails, self._answer, self._on_mail = mails, answer, on_mail
        self._controller = _Controller(self, hostname="127.0.0.1", port=0, ready_timeout=_START_SECONDS)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._controller.port

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient, or say why not."""
        refusal = self._answer(address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        for recipient in envelope.rcpt_tos:
            self._on_mail(self._mails.add(envelope.mail_from or "", recipient, content))
        return "250 2.0.0 Taken by the demo's mailbox"


class _Controller(Controller):
    """Waits for its port to be known: port 0 lets the system choose one."""

    def factory(self) -> SMTP:
        return SMTP(self.handler, data_size_limit=_LARGEST_BYTES, enable_SMTPUTF8=True, ident="Skywrite demo mailbox")

    def _trigger_server(self) -> None:
        # The library connects to the port it was told; here only the server knows which it got.
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]
