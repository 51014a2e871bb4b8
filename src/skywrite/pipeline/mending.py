"""A source's refused events: read, and claimed by the one who sends them again mended."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Raw, Struct
from sqlalchemy import Row

from skywrite.events.batch import Envelope, normalise
from skywrite.kit import json
from skywrite.kit.errors import Refused
from skywrite.kit.time import now_micros, to_datetime
from skywrite.log.base import Record
from skywrite.pipeline import queries
from skywrite.store.engine import Store

_fields = msgspec.json.Decoder(dict[str, Raw]).decode
_TIMES = ("timestamp", "originalTimestamp")
_LIST_CHARACTERS = 4 << 20  # of bodies in one list; beyond, it ends early


class Rejection(Struct):
    """An event that was refused, kept to be mended and sent again."""

    id: int
    received_at: datetime
    code: str
    reason: str
    body: str
    resent_at: datetime | None = None


class Claim(Struct, frozen=True):
    """The right to send a refused event again, since the time `at`; who fails to must release it."""

    source_id: str
    rejection_id: int
    at: int
    record: Record  # in which it came, without its events
    item: int


def refused_events(store: Store, source_id: str, before: int | None, limit: int) -> list[Rejection]:
    """A source's refused events, newest first: `limit` of them, or fewer where these are large."""
    found: list[Rejection] = []
    size = 0
    with store.read() as connection:
        few = connection.execution_options(yield_per=20)
        with few.execute(queries.rejections_of(source_id, before, limit)) as rows:
            for row in rows:
                found.append(_rejection(row))
                size += len(found[-1].body)
                if size > _LIST_CHARACTERS:
                    break
    return found


def refused_event(store: Store, source_id: str, rejection_id: int) -> Rejection:
    """One of them. Raises Refused where there is none."""
    with store.read() as connection:
        return _rejection(_found(connection.execute(queries.rejection(source_id, rejection_id)).first(), rejection_id))


def claim(store: Store, source_id: str, rejection_id: int) -> Claim:
    """Be the one who sends it again: of several at once, one gets it. Raises Refused where it was sent already."""
    now = now_micros()
    with store.write() as connection:
        claimed = connection.execute(queries.mark_resent(source_id, rejection_id, now)).rowcount
        row = _found(connection.execute(queries.rejection(source_id, rejection_id)).first(), rejection_id)
    if not claimed:
        raise Refused("This event was sent again already.", where="rejection_id", status=409)
    fields = row._mapping  # noqa: SLF001 - a row's documented way to its columns by name
    record = Record(fields["position"], fields["received_at"], source_id, "rejected", "", b"", b"")
    return Claim(source_id, rejection_id, now, record, fields["item"])


def release(store: Store, claimed: Claim) -> None:
    """It could not be sent: another may try."""
    with store.write() as connection:
        connection.execute(queries.unmark_resent(claimed.source_id, claimed.rejection_id, claimed.at))


def identified(body: bytes, claimed: Claim) -> bytes:
    """The event with the messageId and the time that it would have been taken with.

    The messageId is its own, or else one that is the same whenever this refused event is sent again: so an event whose
    sending only seemed to fail isn't doubled by the next try. The time is by the server's clock when it first came.
    """
    try:
        fields = _fields(body)
        own = {name: json.decode(fields[name]) for name in ("messageId", "sentAt", *_TIMES) if name in fields}
    except (ValueError, RecursionError):
        return body  # the intake tells what is wrong with it
    taken = normalise({"type": "track"} | own, claimed.record, claimed.item, None, Envelope())
    return json.encode(fields | {name: taken[name] for name in ("messageId", *_TIMES)})


def _found(row: Row[Any] | None, rejection_id: int) -> Row[Any]:
    if row is None:
        raise Refused(f"There is no refused event {rejection_id}.", where="rejection_id", status=404)
    return row


def _rejection(row: Row[Any]) -> Rejection:
    fields = row._mapping  # noqa: SLF001 - as above
    resent = fields["resent_at"]
    return Rejection(
        id=fields["id"],
        received_at=to_datetime(fields["received_at"]),
        code=fields["code"],
        reason=fields["reason"],
        body=fields["body"],
        resent_at=None if resent is None else to_datetime(resent),
    )
