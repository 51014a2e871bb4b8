"""The SMTP client: mails in, each routed to its group of servers, and told about once."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from skywrite.channels.email.carrying import Done, Outcome, Outgoing, Stage
from skywrite.channels.email.dns import NoSuchDomain
from skywrite.channels.email.providers.base import Means
from skywrite.channels.email.providers.smtp.connection import Connection
from skywrite.channels.email.providers.smtp.group import Group, Terms
from skywrite.channels.email.providers.smtp.handshake import BrokenTls, Server, Tls, open_connection
from skywrite.channels.email.providers.smtp.job import Failed, Job
from skywrite.channels.email.providers.smtp.limits import Limits, Patience, limits_of
from skywrite.channels.email.providers.smtp.routing import SMTP_PORT, Route, Routes, refused
from skywrite.channels.email.providers.smtp.wire import addresses_of
from skywrite.kit.addresses import is_public
from skywrite.kit.errors import Later, Refused

if TYPE_CHECKING:
    from skywrite.channels.email.providers.smtp.settings import SmtpSettings

_ROOM = 4_096  # mails in hand
_ROOM_BYTES = 48 << 20  # of their content
_AHEAD_SECONDS = (
    1.5  # of the relay's pace that wait for it: what waits here, no pause or unsubscription reaches any more
)
_AHEAD_SECONDS_DIRECT = 10.0  # of each group's: what is more is put off, which takes minutes
_MOST_TRIED = 6  # servers of one domain, before its mails are put off
_TLS_BROKEN = 2 * 86_400.0  # seconds for which a server's broken TLS is remembered
_MOST_GROUPS = 5_000


class SmtpClient:
    """A `carrying.Provider` over SMTP. `patience`, `port` and `room` are for tests and measurements."""

    def __init__(
        self,
        settings: "SmtpSettings",
        means: Means,
        *,
        fixed: Mapping[str, tuple[str, int]] | None = None,
        patience: Patience | None = None,
        port: int = SMTP_PORT,
        room: int = _ROOM,
        relay_limits: Limits | None = None,
    ) -> None:
        self.on_room: Callable[[], None] = _nothing
        self._settings, self._means = settings, means
        self._patience = (patience or Patience()).at_most(means.seconds)
        self._routes = Routes(means.dns, fixed or {}, port=port)
        self._limits = relay_limits or Limits(
            connections=means.connections, mails_a_second=means.per_second, mails_a_connection=1_000
        )
        self._others = Limits(connections=means.connections, mails_a_second=means.per_second or Limits().mails_a_second)
        self._room, self._in_hand, self._bytes = room, 0, 0
        self.most = _worth(self._limits, _AHEAD_SECONDS, room) if settings.mode == "relay" else room
        self._groups: dict[tuple[str, ...], Group] = {}
        self._looking: dict[str, tuple[asyncio.Task[None], list[Job]]] = {}
        self._broken_tls: dict[str, float] = {}
        self._loop = asyncio.get_running_loop()
        self._is_full = self._is_closing = False
        self._settled = asyncio.Event()
        self._relay = self._group(Route(settings.host, ("relay",), ())) if settings.mode == "relay" else None

    # ---- the provider ----

    def submit(self, mail: Outgoing, done: Done) -> None:
        """Take a mail; `done` is called later, never within this call."""
        self._in_hand += 1
        self._bytes += len(mail.content)
        try:
            to = addresses_of(mail)
        except Refused as error:
            self._loop.call_soon(self._dismiss, mail, done, refused("5.1.3", str(error)))
            return
        job, domain = Job(mail, to, done), to.domain
        if self._is_closing:
            self._loop.call_soon(self._tell, job, Outcome("later", Stage.CONNECT, "Sending is being stopped."))
        elif self._relay is not None:
            self._relay.add(job)
        elif (found := self._routes.known(domain)) is not None:
            self._send_by(found, job)
        elif domain in self._looking:
            self._looking[domain][1].append(job)
        else:
            self._looking[domain] = (self._loop.create_task(self._look_up(domain)), [job])

    @property
    def room(self) -> int:
        """How many more mails it wants now."""
        if self._is_closing or (self._relay is not None and self._relay.pause_left):
            self._is_full = True
            return 0
        free = max(0, self._room - self._in_hand)
        if self._relay is not None:
            free = min(free, max(0, self.most - self._relay.size))
        if free and self._bytes:  # as many as fit, if those to come are as large as those that are here
            free = min(free, max(0, _ROOM_BYTES - self._bytes) * self._in_hand // self._bytes)
        self._is_full = self._is_full or free == 0
        return free

    async def close(self) -> None:
        """Let what is being sent come to its end, put off the rest, and part from the servers."""
        self._is_closing = True
        for task, jobs in self._looking.values():
            task.cancel()
            for job in jobs:
                self._tell(job, Outcome("later", Stage.LOOKUP, "Sending is being stopped."))
        self._looking.clear()
        await asyncio.gather(*(group.close() for group in self._groups.values()))
        if self._in_hand:  # some are about to be told
            await self._settled.wait()

    # ---- from a mail to its group ----

    async def _look_up(self, domain: str) -> None:
        found = await self._routes.find(domain)
        _, jobs = self._looking.pop(domain)
        for job in jobs:
            self._send_by(found, job)

    def _send_by(self, found: Route | Outcome, job: Job) -> None:
        if isinstance(found, Outcome):
            self._loop.call_soon(self._tell, job, found)
        else:
            group = self._groups.get(found.key) or self._group(found)
            group.add(job)

    def _group(self, route: Route) -> Group:
        if len(self._groups) >= _MOST_GROUPS:
            self._groups = {key: group for key, group in self._groups.items() if group.is_busy or group.pause_left}
        is_relay = self._settings.mode == "relay"
        limits = self._limits if is_relay or route.is_fixed else limits_of(route.name, self._others)
        most = self._room if is_relay or route.is_fixed else self._room // 4
        terms = Terms(
            limits=limits,
            most_waiting=most if is_relay else _worth(limits, _AHEAD_SECONDS_DIRECT, most),
            is_final_host=not is_relay or self._means.relay_250,
            journal=self._means.journal,
            farewell=self._patience.farewell,
            on_end=self._ended,
            on_resume=self._resumed,
        )
        opener = self._open_relay if is_relay else partial(self._open_direct, route=route)
        group = self._groups[route.key] = Group(route.name, terms, opener)
        return group

    # ---- room ----

    def _tell(self, job: Job, outcome: Outcome) -> None:
        job.end(outcome)
        self._ended(job)

    def _dismiss(self, mail: Outgoing, done: Done, outcome: Outcome) -> None:
        done(outcome)
        self._left(mail)

    def _ended(self, job: Job) -> None:
        self._left(job.mail)

    def _left(self, mail: Outgoing) -> None:
        self._in_hand -= 1
        self._bytes -= len(mail.content)
        if not self._in_hand and self._is_closing:
            self._settled.set()
        if self._is_full and self._has_much_room:
            self._is_full = False
            self._loop.call_soon(self._tell_room)

    @property
    def _has_much_room(self) -> bool:
        waiting = self._relay.size if self._relay is not None else 0
        return self._in_hand <= self._room // 2 and self._bytes <= _ROOM_BYTES // 2 and waiting <= self.most // 2

    def _resumed(self) -> None:
        if self._is_full and not self._is_closing:
            self._is_full = False
            self._tell_room()

    def _tell_room(self) -> None:
        self.on_room()

    # ---- connections ----

    async def _open_relay(self, group: Group) -> Connection:
        own = self._settings
        server = Server(
            own.host, own.host, own.port, own.tls, self._means.helo, own.user, str(own.password), own.ca_file
        )  # fmt: skip
        return await self._open(server, group, is_final_host=self._means.relay_250)

    async def _open_direct(self, group: Group, route: Route) -> Connection:
        """To the first of a domain's servers that takes us. Raises Failed with what the last one said."""
        failed = Failed(Stage.CONNECT, f"{route.name} has no server that can be reached.", host=route.name)
        needs_tls = not route.is_fixed and limits_of(route.name, self._others).needs_tls
        async for host, address in self._places(route):
            if isinstance(address, Failed):
                failed = address
                continue
            tls: Tls = "encrypted" if needs_tls else "opportunistic"
            try:
                return await self._open_as_it_can(Server(host, address, route.port, tls, self._means.helo), group)
            except Failed as error:
                failed = error
        raise failed

    async def _places(self, route: Route) -> AsyncIterator[tuple[str, str | Failed]]:
        """The servers to try in their order, each with an address or why it has none; not too many."""
        count = 0
        for host in route.in_order():
            try:
                addresses = await self._addresses(host, route)
            except Failed as error:
                yield host, error
                continue
            for address in addresses:
                count += 1
                if count > _MOST_TRIED:
                    return
                yield host, address

    async def _open_as_it_can(self, server: Server, group: Group) -> Connection:
        """With TLS, or without where the server's is known to be broken."""
        if self._broken_tls.get(server.host, 0.0) > time.time():
            server = _without_tls(server)
        try:
            return await self._open(server, group, is_final_host=True)
        except BrokenTls:
            now = time.time()
            self._broken_tls = {host: until for host, until in self._broken_tls.items() if until > now}
            self._broken_tls[server.host] = now + _TLS_BROKEN
            return await self._open(_without_tls(server), group, is_final_host=True)

    async def _open(self, server: Server, group: Group, *, is_final_host: bool) -> Connection:
        make = partial(
            Connection, server.host, group, self._patience,
            is_final_host=is_final_host, pipelining=self._settings.pipelining, trace=self._means.trace,
        )  # fmt: skip
        return await open_connection(server, self._patience, make)

    async def _addresses(self, host: str, route: Route) -> list[str]:
        if route.is_fixed:
            return [host]
        try:
            found = await self._means.dns.addresses(host, ipv6=self._settings.ipv6)
        except (NoSuchDomain, Later) as error:
            raise Failed(Stage.LOOKUP, str(error), host=host) from error
        allowed = [address for address in found if self._means.allow_private or is_public(address)]
        if found and not allowed:
            raise Failed(Stage.LOOKUP, f"{host} has only addresses that are not of the open internet.", host=host)
        return allowed


def _worth(limits: Limits, seconds: float, most: int) -> int:
    """How many mails so many seconds of the pace are; at least one, and not more than `most`."""
    return min(most, max(1, round(limits.mails_a_second * seconds))) if limits.mails_a_second else most


def _without_tls(server: Server) -> Server:
    return Server(server.host, server.address, server.port, "none", server.helo)


def _nothing() -> None:
    pass
