"""One connection: the talk about mails, each answer matched to its command, with PIPELINING where it is offered.

In one write go MAIL, RCPT and DATA; once 354 has come, the content, and right behind its dot the next mail's commands
(RFC 2920). A server may answer anything, or nothing, at any moment: no mail gets two outcomes, and none gets lost.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, cast

from skywrite.channels.email.carrying import Outcome, Stage
from skywrite.channels.email.providers.smtp.job import Failed, Job, Owner, Trace
from skywrite.channels.email.providers.smtp.limits import Patience
from skywrite.channels.email.providers.smtp.replies import NotSmtp, Replies, Reply
from skywrite.channels.email.providers.smtp.verdicts import is_about_us, outcome_of
from skywrite.channels.email.providers.smtp.wire import content_lines, envelope
from skywrite.kit.errors import Refused

_PARTING = 5.0  # seconds that a server may take to say goodbye
_DATA = b"DATA\r\n"


class Connection(asyncio.Protocol):
    """To one server. `owner` gives it mails once it is greeted, and hears of each."""

    def __init__(
        self,
        host: str,
        owner: Owner,
        patience: Patience,
        *,
        is_final_host: bool = True,
        pipelining: bool = True,
        trace: Trace | None = None,
    ) -> None:
        self.host = host
        self.offers: dict[str, str] = {}
        self.given = 0  # mails that it took on
        self.carried = 0  # mails that the server has answered to
        self._owner, self._patience, self._trace = owner, patience, trace
        self._is_final_host = is_final_host
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._replies = Replies()
        self._expected: deque[tuple[Callable[[Any, Reply], None], Any]] = deque()
        self._jobs: deque[Job] = deque()  # whose outcome is still to come, in order
        self._waiter: asyncio.Future[Reply] = self._loop.create_future()  # before mails: who waits for an answer
        self._expected.append((self._answered, self._waiter))
        self._is_open, self._why = True, ""
        self._is_ready = False  # greeted: mails may be given
        self._is_leaving = False
        self._needs_reset = False
        self._deadline = float("inf")
        self._unsent = 0
        self._pipelines = pipelining
        self._timer: asyncio.TimerHandle | None = None

    # ---- before mails: one question, one answer ----

    async def greeting(self, seconds: float) -> Reply:
        """What the server says first, which may have come already. Raises Failed."""
        return await self._answer(self._waiter, Stage.CONNECT, seconds)

    async def ask(self, line: bytes, stage: Stage, seconds: float, shown: str = "") -> Reply:
        """Say a line and wait for the answer. Raises Failed."""
        if not self._is_open:
            raise Failed(stage, self._why, host=self.host)
        self._waiter = self._loop.create_future()
        self._expected.append((self._answered, self._waiter))
        self._write(line, shown)
        return await self._answer(self._waiter, stage, seconds)

    async def _answer(self, waiter: asyncio.Future[Reply], stage: Stage, seconds: float) -> Reply:
        try:
            async with asyncio.timeout(seconds):
                return await waiter
        except TimeoutError:
            raise Failed(stage, f"No answer within {seconds:g} seconds.", host=self.host) from None
        except ConnectionError as error:
            raise Failed(stage, str(error), host=self.host) from error

    async def start_tls(self, context: Any, seconds: float) -> None:
        """Go on in TLS. Raises OSError, which ssl's errors are, where that fails."""
        assert self._transport is not None
        transport = await self._loop.start_tls(
            self._transport, self, context, server_hostname=self.host, ssl_handshake_timeout=seconds
        )
        if transport is None or not self._replies.is_between or not self._is_open:
            raise ConnectionError("What was said before TLS began is not trusted.")  # CVE-2011-0411
        self._transport = transport

    def begin(self) -> None:
        """It is greeted: take mails from now on."""
        self._is_ready = True
        self._pipelines = self._pipelines and "PIPELINING" in self.offers
        self._tick()
        self.wake()

    # ---- mails ----

    @property
    def is_idle(self) -> bool:
        """Whether it could take a mail at once."""
        return self._is_ready and self._is_open and not self._jobs and not self._expected and not self._is_leaving

    def wake(self) -> None:
        """There may be a mail for it."""
        if self.is_idle:
            self._take()

    def leave(self) -> None:
        """Finish what is on its way, then part."""
        if self.is_idle:
            self._quit()
        self._is_leaving = True

    def leave_soon(self) -> None:
        """Part once what is on its way is finished: said by the owner when it is asked for a mail."""
        self._is_leaving = True

    def abort(self) -> None:
        """Part at once; what is on its way is lost."""
        self._end("The connection was closed from our side.")

    def _take(self) -> None:
        job = None if self._is_leaving else self._owner.next_job(self)
        if job is not None:
            self._start(job, b"RSET\r\n" if self._needs_reset else b"")
        elif self._is_leaving:
            self._quit()
        else:
            self._deadline = self._loop.time() + self._patience.idle

    def _start(self, job: Job, before: bytes) -> None:
        commands = self._commands(job)
        if commands is None:
            self._loop.call_soon(self.wake)
            return
        if before:
            self._needs_reset = False
            self._expected.append((self._on_reset, job))
        self._write(before + commands)
        self._wait(self._patience.command)

    def _envelope(self, job: Job) -> tuple[bytes, bytes]:
        size = len(job.mail.content)  # what a relay delivers is known by its notice alone
        return envelope(job.mail, job.to, size, self.offers, asks_success=not self._is_final_host)

    def _commands(self, job: Job) -> bytes | None:
        """The commands that begin a mail, their answers expected; None where this server can't be given it."""
        try:
            mail, rcpt = self._envelope(job)
        except Refused as error:
            self._owner.finished(job, self._unfit(str(error), "5.6.3"), is_about_us=False)
            return None
        limit = self.offers.get("SIZE", "")
        if limit.isdigit() and 0 < int(limit) < len(job.mail.content):
            reason = f"The mail is bigger than the {limit} bytes that the server takes."
            self._owner.finished(job, self._unfit(reason, "5.3.4"), is_about_us=False)
            return None
        self.given += 1
        job.stage, job.refusal = Stage.MAIL, None
        self._jobs.append(job)
        self._expected.append((self._on_mail, job))
        if not self._pipelines:
            return mail
        self._expected.append((self._on_rcpt, job))
        self._expected.append((self._on_data, job))
        return mail + rcpt + _DATA

    def _unfit(self, reason: str, enhanced: str) -> Outcome:
        """What becomes of a mail that this server could not take; the address may be good."""
        return Outcome("refused", Stage.MAIL, reason, 0, enhanced, self.host, is_final_host=self._is_final_host)

    # ---- answers, one method for what each is to ----

    def _on_reset(self, _: Job, reply: Reply) -> None:
        if reply.code != 250:
            self._end(f"The server would not begin anew: {reply.words}", reply)

    def _on_mail(self, job: Job, reply: Reply) -> None:
        job.stage = Stage.RCPT
        self._step(job, Stage.MAIL, reply)

    def _on_rcpt(self, job: Job, reply: Reply) -> None:
        job.stage = Stage.DATA
        self._step(job, Stage.RCPT, reply)

    def _step(self, job: Job, stage: Stage, reply: Reply) -> None:
        """The answer to MAIL or RCPT, where 2xx goes on."""
        if reply.code == 421:
            self._closing(job, stage, reply)
            return
        if not 200 <= reply.code < 300 and job.refusal is None:
            job.refusal = self._outcome(stage, reply)
        if self._pipelines:
            return
        if job.refusal is not None:
            self._needs_reset = True
            self._finish(job, job.refusal, reply)
        elif stage is Stage.MAIL:
            self._lockstep(self._on_rcpt, job, self._envelope(job)[1])
        else:
            self._lockstep(self._on_data, job, _DATA)

    def _lockstep(self, handler: Callable[[Job, Reply], None], job: Job, line: bytes) -> None:
        self._expected.append((handler, job))
        self._write(line)
        self._wait(self._patience.data if handler == self._on_data else self._patience.command)

    def _on_data(self, job: Job, reply: Reply) -> None:
        if reply.code == 421:
            self._closing(job, Stage.DATA, reply)
        elif reply.code == 354 and job.refusal is None:
            self._send_content(job)
        elif reply.code == 354:  # it waits for a mail that it has refused: it gets an empty one (RFC 2920, 3.1)
            self._expected.append((self._on_empty, (job, reply)))
            self._write(b".\r\n")
            self._wait(self._patience.dot)
        elif reply.code >= 400:
            self._needs_reset = True
            self._finish(job, job.refusal or self._outcome(Stage.DATA, reply), reply)
        else:
            self._end(f"The server answered DATA out of turn: {reply.words}")

    def _send_content(self, job: Job) -> None:
        try:
            self._owner.write_down(job)
        except OSError as error:
            self._end(f"The journal can't be written: {error.strerror}.")
            return
        job.stage, job.is_on_its_way = Stage.DOT, True
        content = content_lines(job.mail.content)
        self._expected.append((self._on_dot, job))
        following = self._owner.next_job(self) if self._pipelines and not self._is_leaving else None
        behind = self._commands(following) if following is not None else None
        self._write(content + behind if behind else content, f"({len(content):,} bytes of content)")
        self._unsent = len(content)
        self._wait(self._patience.dot)

    def _on_empty(self, refused: tuple[Job, Reply], reply: Reply) -> None:
        job, to_data = refused
        assert job.refusal is not None
        self._finish(job, job.refusal, reply if reply.code == 421 else to_data)

    def _on_dot(self, job: Job, reply: Reply) -> None:
        if 300 <= reply.code < 400:
            self._end(f"The server answered the content out of turn: {reply.words}")
            return
        job.is_on_its_way = False
        self._finish(job, self._outcome(Stage.DOT, reply), reply)

    def _outcome(self, stage: Stage, reply: Reply) -> Outcome:
        return outcome_of(stage, reply, self.host, is_final_host=self._is_final_host)

    def _finish(self, job: Job, outcome: Outcome, reply: Reply) -> None:
        self._jobs.remove(job)
        self.carried += 1
        is_trouble = outcome.result != "taken" and is_about_us(outcome.stage, Reply(outcome.code, "", outcome.enhanced))
        self._owner.finished(job, outcome, is_about_us=is_trouble)
        if reply.code == 421:
            self._end(reply.words, reply)
        elif not self._jobs and self._is_open:
            self._take()
        else:
            self._wait(self._patience.command)

    def _closing(self, job: Job, stage: Stage, reply: Reply) -> None:
        """421: the server parts. A mail that it has not looked at on a used connection goes on another."""
        if not self.carried and not job.is_on_its_way:
            self._jobs.remove(job)
            self._owner.finished(job, job.refusal or self._outcome(stage, reply), is_about_us=True)
        self._end(reply.words, reply)

    # ---- the wire ----

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """From asyncio: the connection stands (in TLS, where it begins so)."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """From asyncio: the server says something."""
        try:
            for reply in self._replies.feed(data):
                self._hear(reply)
                if not self._is_open:
                    return
        except NotSmtp as error:
            self._end(str(error))

    def connection_lost(self, error: Exception | None) -> None:
        """From asyncio: it is gone."""
        self._end(f"The connection was lost: {error}" if error else "The server closed the connection.")

    def _hear(self, reply: Reply) -> None:
        if self._trace is not None:
            for line in reply.lines:
                self._trace(f"S: {reply.code} {line}")
        if self._expected:
            handler, about = self._expected.popleft()
            handler(about, reply)
        else:
            self._end(f"The server spoke out of turn: {reply.words}", reply if reply.code == 421 else None)

    def _answered(self, waiter: asyncio.Future[Reply], reply: Reply) -> None:
        if not waiter.done():
            waiter.set_result(reply)

    def _write(self, data: bytes, shown: str = "") -> None:
        assert self._transport is not None
        if self._trace is not None:
            for line in (shown,) if shown else data.decode("utf-8", "replace").splitlines():
                self._trace(f"C: {line}")
        self._transport.write(data)

    def _quit(self) -> None:
        self._is_leaving = True
        self._expected.append((self._on_goodbye, None))
        self._write(b"QUIT\r\n")
        self._wait(_PARTING)

    def _on_goodbye(self, _: None, reply: Reply) -> None:
        self._end(reply.words)

    def _wait(self, seconds: float) -> None:
        self._deadline = self._loop.time() + seconds

    def _tick(self) -> None:
        """Look at the deadline; while content goes out, what the server takes of it moves the deadline on."""
        if not self._is_open or self._transport is None:
            return
        now, unsent = self._loop.time(), self._transport.get_write_buffer_size()
        if 0 < unsent < self._unsent:
            self._unsent = unsent
            self._deadline = max(self._deadline, now + self._patience.block)
        if now > self._deadline:
            self._overdue()
        else:
            self._timer = self._loop.call_later(self._patience.tick, self._tick)

    def _overdue(self) -> None:
        if self.is_idle:
            self._quit()
            self._timer = self._loop.call_later(self._patience.tick, self._tick)
        else:
            self._end("The server did not answer in time.")

    def _end(self, reason: str, reply: Reply | None = None) -> None:
        """The connection is over, whoever wants it so; each mail still on it is told or given back."""
        if not self._is_open:
            return
        self._is_open, self._why = False, reason
        if self._timer is not None:
            self._timer.cancel()
        if self._transport is not None:
            self._transport.abort() if self._jobs else self._transport.close()
        if not self._waiter.done():
            self._waiter.set_exception(ConnectionError(reason))
            self._waiter.exception()  # nobody may be waiting for it any more
        is_fruitless = self._is_ready and not self.carried and (bool(self._jobs) or reply is not None)
        failed = Failed(self._jobs[0].stage if self._jobs else Stage.MAIL, reason, reply, self.host)
        for job in self._jobs:
            self._part(job, reason)
        self._jobs.clear()
        self._owner.closed(self, failed if is_fruitless else None)

    def _part(self, job: Job, reason: str) -> None:
        if job.is_on_its_way:
            lost = Outcome("lost", Stage.DOT, reason, host=self.host, is_final_host=self._is_final_host)
            self._owner.finished(job, lost, is_about_us=False)
        elif job.refusal is not None:
            self._owner.finished(job, job.refusal, is_about_us=False)
        else:
            self._owner.returned(job, job.stage, reason, is_fresh=not self.carried)
