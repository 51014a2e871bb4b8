"""One mail on its way through the client, and what its attempt failed of."""

from collections.abc import Callable
from typing import Protocol

from skywrite.channels.email.carrying import Done, Outcome, Outgoing, Stage
from skywrite.channels.email.providers.smtp.replies import Reply
from skywrite.channels.email.providers.smtp.wire import Addresses


class Job:
    """A mail, who hears of it, and how far it came. Its outcome is told once."""

    __slots__ = ("_done", "is_begun", "is_on_its_way", "mail", "refusal", "stage", "to", "tries")

    def __init__(self, mail: Outgoing, to: Addresses, done: Done) -> None:
        self.mail = mail
        self.to = to
        self.stage = Stage.MAIL  # what the server answers next
        self.tries = 0  # connections that broke before the server had decided
        self.is_begun = False  # the journal has it
        self.is_on_its_way = False  # content was written, and the dot is not answered
        self.refusal: Outcome | None = None  # of MAIL or RCPT, while the answer to DATA is still to come
        self._done: Done | None = done

    @property
    def is_ended(self) -> bool:
        """Whether its outcome has been told."""
        return self._done is None

    def end(self, outcome: Outcome) -> None:
        """Tell what became of it; a second outcome is nobody's business."""
        done, self._done = self._done, None
        if done is not None:
            done(outcome)


class Failed(Exception):
    """No connection that mails could be given to: why, and how far the talk had come."""

    def __init__(self, stage: Stage, reason: str, reply: Reply | None = None, host: str = "") -> None:
        super().__init__(reason)
        self.stage, self.reply, self.host = stage, reply, host

    def outcome(self, after: float, *, is_final_host: bool) -> Outcome:
        """What it means for a mail: none of it was the mail's fault, so it is tried again."""
        code, enhanced = (self.reply.code, self.reply.enhanced) if self.reply else (0, "")
        return Outcome(
            "later", self.stage, str(self), code, enhanced, self.host, is_final_host=is_final_host, after=after
        )


class Owner(Protocol):
    """Whose a connection is: it gives mails, and hears what becomes of them."""

    def next_job(self, connection: object) -> Job | None:
        """The next mail for a connection that can take one; None leaves it idle, to be woken."""

    def finished(self, job: Job, outcome: Outcome, *, is_about_us: bool) -> None:
        """The server has decided, or nobody can tell."""

    def returned(self, job: Job, stage: Stage, reason: str, *, is_fresh: bool) -> None:
        """The connection broke before the server had decided; nothing of the content went out.

        `is_fresh` where it was the connection's first mail; else the server may just have had enough of us.
        """

    def closed(self, connection: object, failed: Failed | None) -> None:
        """The connection is gone; `failed` where the server had not even taken one mail on it."""

    def write_down(self, job: Job) -> None:
        """The content goes out next. Raises OSError when that can't be noted."""


Trace = Callable[[str], None]  # hears each line of a talk, secrets left out
