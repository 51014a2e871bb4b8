"""A source's refused events: read, and claimed by the one who sends them again mended. Without the web framework."""

from typing import Any

import msgspec
from msgspec import Raw, Struct
from sqlalchemy import Row

from skywrite.api import queries
from skywrite.api.schemas import Rejection
from skywrite.events.batch import made_message_id
from skywrite.kit import json
from skywrite.kit.errors import Refused
from skywrite.kit.time import now_micros, to_datetime
from skywrite.store.engine import Store

_fields = msgspec.json.Decoder(dict[str, Raw]).decode


class Claim(Struct, frozen=True):
    """The right to send a refused event again, since the time `at`; who fails to must release it."""

    source_id: str
    rejection_id: int
    at: int
    message_id: str


def refused_events(store: Store, source_id: str, before: int | None, limit: int) -> list[Rejection]:
    """A source's refused events, newest first."""
    with store.read() as connection:
        return [_rejection(row) for row in connection.execute(queries.rejections_of(source_id, before, limit))]


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
    return Claim(source_id, rejection_id, now, made_message_id(source_id, fields["position"], fields["item"]))


def release(store: Store, claimed: Claim) -> None:
    """It could not be sent: another may try."""
    with store.write() as connection:
        connection.execute(queries.unmark_resent(claimed.source_id, claimed.rejection_id, claimed.at))


def identified(body: bytes, claimed: Claim) -> bytes:
    """The event with a messageId: its own, or else one that is the same whenever this refused event is sent again.

    So an event whose sending only seemed to fail isn't doubled by the next try.
    """
    try:
        fields = _fields(body)
        own = json.decode(fields["messageId"]) if "messageId" in fields else None
    except (ValueError, RecursionError):
        return body  # the intake tells what is wrong with it
    return json.encode(fields | {"messageId": claimed.message_id}) if own in (None, "") else body


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
