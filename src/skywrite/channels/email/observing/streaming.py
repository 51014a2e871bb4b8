"""The stream: what the timeline says of mails becomes the seven events of every AutopilotHQ source, in the event log.

Events first, cursor after: what a crash repeats has the same messageIds, and dedupe drops it.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Row

from skywrite.channels.email.observing import queries
from skywrite.contacts.ids import public, public_segment
from skywrite.events.email import (
    Bounce,
    Delivery,
    Email,
    EmailEvent,
    Extras,
    Fetch,
    Link,
    Recipient,
    Unsubscribing,
    email_event,
)
from skywrite.kit import json
from skywrite.kit.hashing import id_hashes
from skywrite.kit.time import iso_millis, now_micros
from skywrite.log.base import Log, NewRecord
from skywrite.pipeline import cursors
from skywrite.store.engine import Store
from skywrite.store.installation import installation_of

FOLLOWER = "activities:stream"
SOURCE_KIND = "autopilothq"
NAMES = tuple(kind.value for kind in EmailEvent)
_AT_ONCE = 500
_NOTED_MICROS = 1_000_000  # how often it is written down how far it has come, where there is nobody to tell
_EVENTS_A_RECORD = 100


class Told(Struct, frozen=True):
    """An activity as an event, and when it happened."""

    event: dict[str, Any]
    at: int


class Stream:
    """Follows `activities`, and appends to `log`."""

    def __init__(self, store: Store, log: Log) -> None:
        self._store = store
        self._log = log
        self._installation = installation_of(store)
        self._after = cursors.begun(self._store, FOLLOWER, now_micros())
        self._noted = 0
        self._news = store.news()
        self.is_behind = False  # whether the last step had as much as one step takes

    def step(self, now: int) -> int:
        """Send on what the timeline has new; how many events that made."""
        self.is_behind = False
        if not self._news.any():
            return 0
        with self._store.read() as connection:
            last = connection.execute(queries.last_activity()).scalar_one()
            if last <= self._after:
                self._news.seen()
                return 0
            sources = connection.execute(queries.streaming_sources(SOURCE_KIND)).all()
            if not sources and 0 <= now - self._noted < _NOTED_MICROS:
                return 0
            found = queries.streamed_activities(self._after, NAMES, _AT_ONCE)
            rows = connection.execute(found).all() if sources else []
            streaming = connection.execute(queries.streaming_segments()).scalars() if rows else ()
            segments = set(map(public_segment, streaming))
        told = [one for row in rows if (one := _told(row, segments, self._installation)) is not None]
        records = [record for source in sources for record in _records(source, told, now)]
        if records:
            self._log.append(records)
        self.is_behind = len(rows) == _AT_ONCE
        self._after = rows[-1].id if self.is_behind else last
        with self._store.write() as connection:
            cursors.advance(connection, FOLLOWER, self._after, now)
        self._noted = now
        return sum(len(record.ids) for record in records) // 16


def _records(source: Row[Any], told: Sequence[Told], now: int) -> list[NewRecord]:
    """The events since a source was added, as the intake would have written them."""
    events = [one.event for one in told if one.at >= source.created_at]
    records = []
    for start in range(0, len(events), _EVENTS_A_RECORD):
        part = events[start : start + _EVENTS_A_RECORD]
        ids = id_hashes(source.id, (event["messageId"] for event in part))
        body = json.encode({"batch": part, "sentAt": iso_millis(now)})
        records.append(NewRecord(now, source.id, "batch", "", ids, body))
    return records


def _told(row: Row[Any], segments: set[str], installation: uuid.UUID) -> Told | None:
    """An activity as an event; None where it is none, or nobody is left to tell of."""
    if row.kind == "segment":
        return _segment_event(row, installation) if row.data.get("segment_id") in segments else None
    email = row.email or row.contact_email
    if row.message_id is None or not email or row.subject is None:
        return None
    kind = EmailEvent(row.name)
    event = email_event(
        kind,
        Recipient(public(row.contact_id), email, row.user_id or ""),
        _email(row),
        at=row.at,
        message_id=message_id(installation, kind, row.message_id, row.at, row.data),
        link=Link(row.data["link_id"], row.data["link_url"]) if kind is EmailEvent.CLICKED else None,
        extras=_extras(kind, row.data),
    )
    return Told(event, row.at)


def _email(row: Row[Any]) -> Email:
    campaign = row.campaign_id or (f"broadcast_{row.broadcast_id}" if row.broadcast_id is not None else None)
    return Email(
        email_id=f"template_{row.template_id}" if row.template_id is not None else f"message_{row.message_id}",
        email_subject=row.subject,
        transactional=row.is_transactional,
        campaign_id=campaign,
        campaign_name=row.campaign_name if campaign else None,
        email_name=row.template_name,
    )


def message_id(installation: uuid.UUID, kind: EmailEvent, message: int, at: int, data: Mapping[str, Any]) -> str:
    """An event's messageId: of what makes the happening one and the same (reference: email events, section 1).

    Messages are numbered from 1 in every installation: two that stream to one receiver must not look like repeats.
    """
    second = at // 1_000_000
    whole = {
        EmailEvent.OPENED: (second,),
        EmailEvent.CLICKED: (data.get("link_id"), second),
        EmailEvent.UNSUBSCRIBED: (data.get("topic_id") or data.get("scope") or "all",),
        EmailEvent.REPLIED: (data.get("reply_id", ""),),
    }.get(kind, ())
    return str(uuid.uuid5(installation, "|".join((kind.value, str(message), *map(str, whole)))))


def _extras(kind: EmailEvent, data: Mapping[str, Any]) -> Extras | None:
    match kind:
        case EmailEvent.DELIVERED:
            return Delivery(data.get("delivered_by"))
        case EmailEvent.BOUNCED:
            return Bounce(data.get("bounce_class"), data.get("bounce_code"))
        case EmailEvent.OPENED | EmailEvent.CLICKED:
            return Fetch(bool(data.get("machine")), data.get("proxy"))
        case EmailEvent.UNSUBSCRIBED:
            topic = data.get("topic_id")
            return Unsubscribing(
                data.get("scope"), data.get("method"), f"topic_{topic}" if topic else None, data.get("topic")
            )
    return None


def _segment_event(row: Row[Any], installation: uuid.UUID) -> Told | None:
    """Somebody entered or left a segment that streams."""
    email, user_id = row.contact_email, row.user_id
    if not (email or user_id):
        return None
    identity = {"userId": user_id} if user_id else {"anonymousId": email}
    event = {
        "type": "track",
        "messageId": str(uuid.uuid5(installation, f"{row.name}|{row.id}")),
        **identity,
        "event": row.name,
        "properties": dict(row.data),
        "context": {"traits": {"email": email, "contact_id": public(row.contact_id)}},
        "timestamp": iso_millis(row.at),
    }
    return Told(event, row.at)
