"""The follower of the inbox: opens, clicks, unsubscribes and incoming mail, each found to be what it is.

What a record changes and the cursor that passes it are one transaction: whatever is killed, each counts once.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection

from skywrite.channels.email.observing import fetches, queries
from skywrite.channels.email.observing.book import Book, Message
from skywrite.channels.email.observing.fetches import Fetches
from skywrite.channels.email.observing.findings import found_in
from skywrite.channels.email.observing.hits import Choice, Hit, HitKind, choice_of, hit_of, mail_of
from skywrite.channels.email.observing.mails import Letter, Mails, scope_of, unsubscribe
from skywrite.channels.email.observing.settings import ObservingSettings
from skywrite.channels.email.outbox.rules import ALL, Rules
from skywrite.channels.email.reading.model import Envelope, Reading
from skywrite.channels.email.tokens import Tokens
from skywrite.contacts.activity import Kind
from skywrite.contacts.suppressing import unsuppress
from skywrite.kit.errors import Later
from skywrite.kit.time import now_micros
from skywrite.log.base import Log, Record
from skywrite.pipeline import cursors
from skywrite.store.engine import Store

log = structlog.get_logger()
FOLLOWER = "inbox:observing"
_READ_BYTES = 256 << 10  # some thousand hits: their transaction is short
_SETTLED_AT_ONCE = 500
_FORGOTTEN_AT_ONCE = 2_000  # some tens of milliseconds: others wait for their turn to write
_MAX_LINKS_KNOWN = 1_000
_DAY = 24 * 3600 * 1_000_000
Read = Callable[[bytes, Envelope | None], Reading]
Observed = Hit | Choice | list[Letter] | Exception


class Observer:
    """Follows `inbox`. `read` says what a mail is; see `skywrite.channels.email.reading`."""

    def __init__(self, inbox: Log, store: Store, tokens: Tokens, read: Read, settings: ObservingSettings) -> None:
        self._inbox = inbox
        self._store = store
        self._tokens = tokens
        self._read = read
        self._settings = settings
        self._links: dict[tuple[int, int], int] = {}
        self._fetches = Fetches(settings, self._link_count)
        self._mails = Mails(settings)
        self._rules = Rules(soft_bounces=settings.soft_bounces, soft_days=settings.soft_days)
        self._connection: Connection | None = None
        self._after = cursors.begun(self._store, FOLLOWER, now_micros())
        self._news = store.news()
        self._held_since: int | None = None  # when the click came that waits longest
        self._is_behind_at: int | None = None  # when the last that was read had come, if more waits behind it

    def step(self, now: int) -> int:
        """Take what has come, up to a bound; how many records that were."""
        records = self._inbox.read(self._after, _READ_BYTES)
        if not records:
            return 0
        mine = [(record, self._understood(record)) for record in records if record.kind in _MINE]
        try:
            self._take(mine, records[-1].position, now)
        except Later:
            raise
        except Exception:
            log.exception("some observations could not be written together; each is tried by itself")
            self._take_singly(mine, records[-1].position, now)
        self._after = records[-1].position
        self._is_behind_at = records[-1].received_at if self._inbox.head() > self._after else None
        return len(records)

    def settle(self, now: int) -> int:
        """Decide the clicks that have waited long enough; how many."""
        known = now if self._is_behind_at is None else min(now, self._is_behind_at)  # a scanner's others may be to come
        before = known - int(self._settings.hold_seconds * 1_000_000)
        oldest = self._longest_held()
        if oldest is None or oldest > before:
            return 0
        with self._store.write() as connection:
            held = connection.execute(queries.held_clicks(before, _SETTLED_AT_ONCE)).mappings().all()
            book = self._open(connection, [row["message_id"] for row in held], oldest)
            decided = []
            for row in held:
                outcome, detail = self._fetches.settled(book, dict(row))
                decided.append({"b_id": row["id"], "b_outcome": outcome, "b_detail": detail})
            if decided:
                connection.execute(queries.settle_observations(), decided)
            book.write(now, self._rules)
        return len(decided)

    def _longest_held(self) -> int | None:
        if self._news.any():
            with self._store.read() as connection:
                self._held_since = connection.execute(queries.first_held()).scalar()
            self._news.seen()
        return self._held_since

    def forget(self, now: int) -> bool:
        """Drop some observations that are kept no longer; whether there may be more of them."""
        before = now - self._settings.kept_days * _DAY
        with self._store.write() as connection:
            gone = connection.execute(queries.forget_observations(before, _FORGOTTEN_AT_ONCE)).rowcount
        return bool(gone == _FORGOTTEN_AT_ONCE)

    # ---- a batch ----

    def _take(self, observed: Sequence[tuple[Record, Observed]], position: int, now: int) -> None:
        ids, tells = _messages_in(observed)
        first = min((record.received_at for record, _ in observed), default=now)
        with self._store.write() as connection:
            book = self._open(connection, ids, first, tells)
            for record, what in observed:
                self._apply(book, record, what)
            book.write(now, self._rules)
            cursors.advance(connection, FOLLOWER, position, now)

    def _take_singly(self, observed: Sequence[tuple[Record, Observed]], position: int, now: int) -> None:
        for one in observed:
            try:
                self._take([one], one[0].position, now)
            except Later:
                raise
            except Exception as error:  # one that cannot be written must not hold up all that come after
                log.exception("an observation could not be written", position=one[0].position)
                self._take([(one[0], error)], one[0].position, now)
        self._take([], position, now)

    def _open(self, connection: Connection, ids: Sequence[int], first: int, tells: Sequence[int] = ()) -> Book:
        self._connection = connection
        return Book(connection, ids, first - fetches.LOOK_BACK_MICROS, tells=tells)

    def _apply(self, book: Book, record: Record, what: Observed) -> None:
        match what:
            case Hit():
                fetches.KINDS[record.kind](self._fetches, book, record, what)
            case Choice():
                _chose(book, record, what)
            case list():
                for letter in what:
                    self._mails.received(book, letter)
            case _:
                raw = record.body[:64_000].decode("utf-8", "replace")
                book.note(record.kind, "failed", record.received_at, None, {"reason": repr(what)}, raw)

    # ---- a record ----

    def _understood(self, record: Record) -> Observed:
        """What a record says, or why it says nothing; outside of any transaction, since mails take their time."""
        try:
            if record.kind == HitKind.MAIL:
                return self._letters(record)
            return choice_of(record) if record.kind == HitKind.UNSUBSCRIBE else hit_of(record)
        except Exception as error:  # whatever strangers send: it is put aside, with its reason
            log.exception("a record of the inbox could not be read", position=record.position)
            return error

    def _letters(self, record: Record) -> list[Letter]:
        head, raw = mail_of(record)
        return [self._letter(record, head, raw, rcpt_to) for rcpt_to in head.rcpt_to or (None,)]

    def _letter(self, record: Record, head: Any, raw: bytes, rcpt_to: str | None) -> Letter:
        reading = self._read(raw, Envelope(mail_from=head.mail_from, rcpt_to=rcpt_to))
        finding = found_in(reading, rcpt_to, self._tokens)
        return Letter(record.received_at, record.ip, head, rcpt_to, raw, reading, finding)

    def _link_count(self, message: Message) -> int:
        """How many links a message's template has; 0 where it has none of its own."""
        template_id, version = message["template_id"], message["version"]
        if template_id is None or version is None:
            return 0
        if (template_id, version) not in self._links and self._connection is not None:
            if len(self._links) >= _MAX_LINKS_KNOWN:
                self._links.clear()
            links = self._connection.execute(queries.links(template_id, version)).scalar()
            self._links[template_id, version] = len(links or ())
        return self._links.get((template_id, version), 0)


_MINE = frozenset(kind.value for kind in HitKind)


def _messages_in(observed: Sequence[tuple[Record, Observed]]) -> tuple[list[int], list[int]]:
    """The messages that a batch is about, and those of which it matters what was told before."""
    hits, told = [], []
    for _, what in observed:
        match what:
            case Hit():
                hits.append(what.message_id)
            case Choice():
                told.append(what.message_id)
            case list():
                told += [each.finding.message_id for each in what if each.finding.message_id is not None]
    return hits + told, told


def _chose(book: Book, record: Record, choice: Choice) -> None:
    """Apply what somebody chose on their page."""
    message, at = book.message(choice.message_id), record.received_at
    detail = msgspec.to_builtins(choice) | {"ip": record.ip}
    if message is None:
        book.note("unsubscribe", "unknown", at, None, detail)
        return
    if choice.everything is not None:
        _set(book, message, ALL, at, choice.method, is_wanted=not choice.everything)
    for topic in choice.off:
        _set(book, message, str(topic), at, choice.method, is_wanted=False)
    for topic in choice.on:
        _set(book, message, str(topic), at, choice.method, is_wanted=True)
    book.note("unsubscribe", "chosen", at, message.id, detail)


def _set(book: Book, message: Message, scope: str, at: int, method: str, *, is_wanted: bool) -> None:
    if not is_wanted:
        unsubscribe(book, message, scope, method, at)
    elif unsuppress(book.connection, message["address"], scope, "unsubscribed"):
        book.tell(message, "Resubscribed", at, scope_of(book, scope) | {"method": method}, Kind.CONTACT)
