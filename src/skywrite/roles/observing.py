"""The roles of mail that reports back: the observer, the mail server for what comes in, and the stream of events."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import AsyncIterator

import structlog
import uvloop

from skywrite.channels.email.observing.certificate import server_context, stamp
from skywrite.channels.email.observing.observer import Observer
from skywrite.channels.email.observing.settings import ObservingSettings, observing_settings
from skywrite.channels.email.observing.smtp_server import InboundServer
from skywrite.channels.email.observing.streaming import Stream
from skywrite.channels.email.reading.reader import read
from skywrite.channels.email.tokens import StoredTokens, Tokens
from skywrite.intake.commit import GroupCommit
from skywrite.kit.errors import SkywriteError
from skywrite.kit.roles import Voice
from skywrite.kit.stop import Stop
from skywrite.kit.time import now_micros
from skywrite.pipeline.upkeep import resume_inbox
from skywrite.settings import Settings
from skywrite.store.engine import Store
from skywrite.wiring import open_bell, open_inbox, open_listener, open_log

log = structlog.get_logger()
_LOOK_SECONDS = 1.0
_SETTINGS_MICROS = 5_000_000
_FORGET_MICROS = 600 * 1_000_000
_GATHER_SECONDS = 0.05  # after a step that found little: what comes right behind is one transaction
_MANY = 200


def run_observing(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    """Follow the inbox: opens, clicks, unsubscribes, incoming mail."""
    known, looked, forgot = _settings(store), now_micros(), 0
    tokens = StoredTokens(store)
    with contextlib.ExitStack() as opened:
        inbox = opened.enter_context(contextlib.closing(open_inbox(settings)))
        listener = opened.enter_context(contextlib.closing(open_listener(settings, "observing")))
        bell = opened.enter_context(contextlib.closing(open_bell(settings)))
        observer = Observer(inbox, store, tokens, read, known)
        while not stop.is_set():
            listener.clear()
            now = now_micros()
            done = observer.step(now)
            settled = observer.settle(now)
            if done or settled:
                bell.ring()  # for the stream, and for the segments' keeper
            voice.say("ok")
            is_forgetting = now - forgot > _FORGET_MICROS and observer.forget(now)
            if not is_forgetting and now - forgot > _FORGET_MICROS:
                forgot = now
            if not 0 <= now - looked <= _SETTINGS_MICROS:  # a clock may be set back
                looked = now
                tokens.refresh()
                if _settings(store) != known:
                    return  # the role begins again, with the settings as they are now
            if not done and not is_forgetting:
                listener.wait(_LOOK_SECONDS)
            elif done < _MANY:
                stop.wait(_GATHER_SECONDS)


def run_stream(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    """Send what happened to mails on as the seven events."""
    with contextlib.ExitStack() as opened:
        events = opened.enter_context(contextlib.closing(open_log(settings)))
        bell = opened.enter_context(contextlib.closing(open_bell(settings)))
        listener = opened.enter_context(contextlib.closing(open_listener(settings, "stream")))
        stream = Stream(store, events)
        while not stop.is_set():
            listener.clear()
            made = stream.step(now_micros())
            if made:
                bell.ring()
            voice.say("ok")
            if not stream.is_behind:
                # Every event that arrives rings: so listen again only after a breath.
                stop.wait(_GATHER_SECONDS)
                listener.wait(_LOOK_SECONDS)


def run_inbound(settings: Settings, store: Store, stop: Stop, voice: Voice) -> None:
    """Take mail for our tokens, where the channel's settings give it a port."""
    known = _settings(store)
    if not known.inbound_port:
        news = store.news()
        while not stop.wait(_LOOK_SECONDS):
            if news.any() and _settings(store) != known:
                return
            news.seen()
            voice.say("ok")
        return
    uvloop.run(_take_mail(settings, store, known, stop, voice))


async def _take_mail(settings: Settings, store: Store, known: ObservingSettings, stop: Stop, voice: Voice) -> None:
    tokens = await asyncio.to_thread(StoredTokens, store)
    files = settings.mail_certificate, settings.mail_key
    with stop.heard() as stopped:
        async with _listening(settings, store, known, tokens):
            looked, made = now_micros(), stamp(*files)
            while not stopped.is_set():
                voice.say("ok")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stopped.wait(), _LOOK_SECONDS)
                if not 0 <= now_micros() - looked <= _SETTINGS_MICROS:
                    looked = now_micros()
                    await asyncio.to_thread(tokens.refresh)
                    if await asyncio.to_thread(_settings, store) != known or stamp(*files) != made:
                        return


@contextlib.asynccontextmanager
async def _listening(
    settings: Settings, store: Store, known: ObservingSettings, tokens: Tokens
) -> AsyncIterator[InboundServer]:
    """The mail server, while the block lasts. Raises SkywriteError where its port or certificate cannot be had."""
    name, own = await asyncio.to_thread(socket.getfqdn), settings.data / "mail" / "certificate.pem"
    tls = await asyncio.to_thread(server_context, settings.mail_certificate, settings.mail_key, own, name)
    inbox, bell = open_inbox(settings), open_bell(settings)
    commit = GroupCommit(inbox, bell, asyncio.get_running_loop())
    await asyncio.to_thread(resume_inbox, inbox, store)
    server = InboundServer(tokens, commit, name=name, domains=known.inbound_domains, tls=tls)
    try:
        await server.start(known.inbound_host, known.inbound_port)
        log.info("mail is taken", host=known.inbound_host, port=server.port)
        yield server
    except OSError as error:
        raise SkywriteError(
            f"The mail server can't listen on {known.inbound_host}:{known.inbound_port}: {error.strerror or error}. "
            "Choose another port on the Channels page, or let a mail server hand its mail on."
        ) from error
    finally:
        await server.close()
        commit.close()
        bell.close()
        inbox.close()


def _settings(store: Store) -> ObservingSettings:
    with store.read() as connection:
        return observing_settings(connection)
