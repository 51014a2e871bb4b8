"""A message that was sent, and an observer of what comes back: on a real store and a real inbox."""

from typing import Any

from sqlalchemy import delete, insert, select, update

from skywrite.channels.email.observing.hits import Hit, HitKind, Incoming, hit_record, mail_record
from skywrite.channels.email.observing.observer import Observer
from skywrite.channels.email.observing.settings import ObservingSettings
from skywrite.channels.email.reading.reader import read
from skywrite.channels.email.tokens import Purpose, StoredTokens
from skywrite.contacts.addresses import address_key
from skywrite.log.sqlite import SqliteLog
from skywrite.store.contact_tables import activities, contacts
from skywrite.store.mail_tables import messages, observations, suppressions, template_versions, templates
from tests.support.build import A_MOMENT

MINUTE = 60_000_000
SECOND = 1_000_000
SENT_AT = A_MOMENT
LATER = SENT_AT + 3_600 * SECOND  # long after delivery: nothing is too soon
A_PERSON = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15"
HOME = "203.0.113.7"


class Observing:
    """Ada, one message to her, and the observer. Each call is one record, taken at once."""

    def __init__(self, store, folder, **settings: Any) -> None:
        self.store = store
        self.inbox = SqliteLog(folder / "inbox")
        self.settings = ObservingSettings(**({"hold_seconds": 0} | settings))
        self.tokens = StoredTokens(store)
        self.begin()

    def begin(self) -> None:
        """A new message to Ada, of whom nothing was observed."""
        with self.store.write() as connection:
            for table in (activities, observations, suppressions):
                connection.execute(delete(table))
            self.ada = add_contact(connection, "Ada@example.com", user_id="u1")
            self.message = add_message(connection, self.ada)
        self.restart()

    def restart(self) -> None:
        """As after a crash: a new observer, that knows what was committed alone."""
        self.observer = Observer(self.inbox, self.store, self.tokens, read, self.settings)

    def close(self) -> None:
        self.inbox.close()

    def token(self, purpose: Purpose, message: int | None = None) -> str:
        return self.tokens.token(purpose, message or self.message)

    def address(self, letter: str, message: int | None = None) -> str:
        purpose = {"b": Purpose.BOUNCE, "r": Purpose.REPLY, "u": Purpose.UNSUBSCRIBE}[letter]
        return f"{letter}{self.token(purpose, message)}@in.example.com"

    # ---- what happens ----

    def open(self, at=LATER, agent=A_PERSON, ip=HOME, message=None, **fields) -> None:
        self.put(hit_record(HitKind.OPEN, Hit(message or self.message, agent, **fields), ip, at))

    def click(self, link_id="l1", at=LATER, agent=A_PERSON, ip=HOME, message=None, **fields) -> None:
        url = f"https://example.com/{link_id}"
        hit = Hit(message or self.message, agent, link_id=link_id, url=url, **fields)
        self.put(hit_record(HitKind.CLICK, hit, ip, at))

    def choose(self, choice, at=LATER) -> None:
        self.put(hit_record(HitKind.UNSUBSCRIBE, choice, HOME, at))

    def mail(self, raw: str, *to: str, mail_from: str | None = "", at=LATER, ip="198.51.100.9") -> None:
        body = raw.replace("\r\n", "\n").replace("\n", "\r\n").encode()
        self.put(mail_record(Incoming(mail_from, to, "smtp", len(body)), [body], ip, at))

    def put(self, *records) -> None:
        """Append to the inbox, and observe."""
        self.inbox.append(records)
        self.observe()

    def observe(self) -> None:
        while self.observer.step(LATER):
            pass

    # ---- what came of it ----

    def timeline(self, message=None) -> list[tuple[str, dict[str, Any]]]:
        a = activities.c
        with self.store.read() as connection:
            rows = select(a.name, a.data).where(a.message_id == (message or self.message)).order_by(a.id)
            return [(row.name, row.data) for row in connection.execute(rows)]

    def names(self, message=None) -> list[str]:
        return [name for name, _ in self.timeline(message)]

    def row(self, message=None) -> Any:
        with self.store.read() as connection:
            return connection.execute(select(messages).where(messages.c.id == (message or self.message))).one()

    def suppressions(self) -> set[tuple[str, str, str]]:
        s = suppressions.c
        with self.store.read() as connection:
            return {tuple(row) for row in connection.execute(select(s.address, s.scope, s.reason))}

    def outcomes(self) -> list[str]:
        with self.store.read() as connection:
            return list(connection.execute(select(observations.c.outcome).order_by(observations.c.id)).scalars())

    def change(self, **values) -> None:
        """Set the message's columns."""
        with self.store.write() as connection:
            connection.execute(update(messages).where(messages.c.id == self.message).values(**values))


def add_contact(connection, email: str, user_id: str | None = None) -> int:
    """A contact's id."""
    values = {"email": email, "email_key": address_key(email), "user_id": user_id, "traits": {}}
    times = dict.fromkeys(("created_at", "updated_at", "seen_at"), 1)
    return connection.execute(insert(contacts).values(**values, **times)).inserted_primary_key[0]


def add_message(connection, contact_id: int | None, email: str = "Ada@example.com", **fields: Any) -> int:
    """A delivered message's id."""
    values = {
        "key": f"test:{fields.pop('key', '')}:{id(fields)}:{email}:{contact_id}:{_count(connection)}",
        "contact_id": contact_id,
        "email": email,
        "address": address_key(email),
        "subject": "Good to have you",
        "origin": "test",
        "is_transactional": False,
        "state": "delivered",
        "reason": "",
        "attempts": 1,
        "queued_at": SENT_AT,
        "due_at": SENT_AT,
        "claimed_at": SENT_AT,
        "sent_at": SENT_AT,
        "delivered_at": SENT_AT,
    } | fields
    return connection.execute(insert(messages).values(**values)).inserted_primary_key[0]


def _count(connection) -> int:
    return len(connection.execute(select(messages.c.id)).all())


def add_template(connection, links: int = 0, name: str = "Welcome") -> int:
    """A published template's id; its version is 1."""
    text = dict.fromkeys(("subject", "preheader", "body", "text", "from_name", "from_address", "reply_to"), "")
    values = {"name": name, "kind": "html", "is_transactional": False, "version": 1, "created_at": 1, "updated_at": 1}
    identifier = connection.execute(insert(templates).values(**text, **values)).inserted_primary_key[0]
    found = [{"id": f"l{number + 1}", "url": "", "label": "", "count": 1} for number in range(links)]
    version = {"template_id": identifier, "version": 1, "source": {}, "compiled": {}, "links": found, "published_at": 1}
    connection.execute(insert(template_versions).values(**version))
    return identifier
