"""What a batch of observations comes to: messages, timeline, suppressions, all written in one transaction."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from skywrite.channels.email.observing import queries
from skywrite.channels.email.outbox.bounces import Bounced, note_bounces
from skywrite.channels.email.outbox.rules import ALL, Rules
from skywrite.channels.email.states import MessageState, Observed, after
from skywrite.contacts.activity import Activity, Kind, add_activities, hold_writers
from skywrite.contacts.suppressing import NewSuppression, Reason, suppress
from skywrite.events.email import EmailEvent
from skywrite.store.types import storable

_TOLD = (EmailEvent.UNSUBSCRIBED.value, EmailEvent.REPLIED.value, "Email Autoresponded", "Email Deferred")


class Message:
    """A message as it is in this transaction. `contact_id` is None where there is nobody any more to tell of."""

    def __init__(self, row: Mapping[str, Any], contact_id: int | None) -> None:
        self.id: int = row["id"]
        self.row = dict(row)
        self.contact_id = contact_id
        self.is_changed = False

    def __getitem__(self, name: str) -> Any:
        return self.row[name]

    def change(self, **values: Any) -> None:
        """New values, of `queries.CHANGEABLE`."""
        if self.is_erased:
            values.pop("reason", None)
        self.row |= values
        self.is_changed = True

    def first(self, name: str, at: int) -> bool:
        """Note a time where none was noted; whether that was so. An earlier one, come late, takes its place."""
        known = self.row[name]
        if known is None or at < known:
            self.change(**{name: at})
        return known is None

    def observe(self, what: Observed) -> None:
        """Move the state on, if this moves it."""
        now = MessageState(self.row["state"])
        if (then := after(now, what)) is not now:
            self.change(state=then.value)

    @property
    def is_erased(self) -> bool:
        """Whether its contact was erased: it goes on being counted, and of what is said of it no word is kept."""
        return not self.row["address"]

    @property
    def sent_at(self) -> int | None:
        """When the receiving server took it, else the sender's relay, else when it was claimed to be sent."""
        found: int | None = self.row["delivered_at"] or self.row["sent_at"] or self.row["claimed_at"]
        return found

    @property
    def was_sent(self) -> bool:
        """Whether it ever left, as far as can be known: only then can anything come back."""
        return self.row["claimed_at"] is not None or self.row["sent_at"] is not None


class Book:
    """Opened in a write transaction with the messages that a batch is about."""

    def __init__(self, connection: Connection, ids: Iterable[int], since: int, *, tells: Iterable[int] = ()) -> None:
        """`since` is how far back hits matter; `tells` are those of `ids` whose timeline is asked about."""
        self.connection = connection
        hold_writers(connection)
        rows = queries.messages_of(connection, ids)
        living = queries.living_contacts(connection, (row["contact_id"] for row in rows if row["contact_id"]))
        self._messages = {row["id"]: Message(row, living.get(row["contact_id"] or 0)) for row in rows}
        self.hits: dict[int, list[dict[str, Any]]] = {}
        for hit in queries.hits_of(connection, self._messages, since):
            self.hits.setdefault(hit["message_id"], []).append(dict(hit))
        told = queries.told_of(connection, set(tells) & self._messages.keys(), _TOLD)
        self._told = {(message_id, name, _identity(name, data)) for message_id, name, data in told}
        self.bounced: list[Bounced] = []
        self._activities: list[Activity] = []
        self._observations: list[dict[str, Any]] = []

    def message(self, message_id: int) -> Message | None:
        """A message by its number; None where there is none of it (any more)."""
        return self._messages.get(message_id)

    def is_new(self, message: Message, name: str, data: Mapping[str, Any]) -> bool:
        """Whether the like of this was not told of the message before; from now on it was."""
        key = (message.id, name, _identity(name, data))
        if key in self._told:
            return False
        self._told.add(key)
        return True

    def tell(self, message: Message, name: str, at: int, data: Mapping[str, Any], kind: Kind = Kind.EMAIL) -> None:
        """Put it on the contact's timeline, if there is a contact."""
        if message.contact_id is not None:
            clean = {key: _clean(value) for key, value in data.items() if value is not None}
            self._activities.append(Activity(message.contact_id, at, kind, name, clean, message.id))

    def note(
        self, kind: str, outcome: str, at: int, message_id: int | None, detail: Mapping[str, Any], raw: str = ""
    ) -> None:
        """Keep what came in, and what it was found to be."""
        about = self._messages.get(message_id) if message_id is not None else None
        if kind == "mail" and about is not None and about.is_erased:
            detail, raw = {}, ""
        clean = {key: _clean(value) for key, value in detail.items() if value not in (None, "")}
        row = {"at": at, "kind": kind, "outcome": str(outcome), "message_id": message_id, "detail": clean, "raw": raw}
        self._observations.append(row)
        if message_id is not None and kind in ("open", "click"):
            self.hits.setdefault(message_id, []).append(row)

    def suppress(self, message: Message, scope: str, reason: Reason, at: int, evidence: str) -> None:
        """Write to the message's address no more, as far as it is still known."""
        suppress(self.connection, [NewSuppression(message["address"], scope, reason, evidence)], at)

    def take_back(self, message: Message, name: str, at: int) -> None:
        """Take from the timeline what was told of a message until more was known."""
        queries.drop_activity(self.connection, message.id, name, at)

    def write(self, now: int, rules: Rules) -> None:
        """Write all of it; bounces are judged by `rules` once their messages' rows say so."""
        changed = [message for message in self._messages.values() if message.is_changed]
        if changed:
            values = [{"b_id": each.id} | {f"b_{name}": each[name] for name in queries.CHANGEABLE} for each in changed]
            self.connection.execute(queries.change_messages(), values)
        note_bounces(self.connection, self.bounced, now=now, rules=rules)
        queries.add_observations(self.connection, self._observations)
        add_activities(self.connection, self._activities)


def _identity(name: str, data: Mapping[str, Any]) -> str:
    """What makes a happening of this name one of its kind among those of its message."""
    if name == EmailEvent.UNSUBSCRIBED.value:
        return str(data.get("topic_id") or ALL)
    return str(data.get("reply_id", ""))


def _clean(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value
