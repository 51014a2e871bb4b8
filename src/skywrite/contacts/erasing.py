"""Forget-me: one transaction takes away everything that says who a contact is.

What stays: the counts of its messages, without address, subject and contact; and the hash of each of its addresses, so
that nobody mails them again, whoever imports them. That hash is sent on too, see docs/identity.md.
"""

import uuid
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row

from skywrite.contacts import finding, queries
from skywrite.contacts.activity import hold_writers
from skywrite.contacts.addresses import erased
from skywrite.contacts.identity import Kind
from skywrite.contacts.ids import public
from skywrite.contacts.subscription import EVERYWHERE
from skywrite.contacts.suppressing import NewSuppression, suppress
from skywrite.kit import json
from skywrite.kit.hashing import id_hashes
from skywrite.kit.time import iso_millis, now_micros
from skywrite.log.base import Log, NewRecord
from skywrite.store.engine import Store
from skywrite.store.installation import installation_of

TOPIC = "erasures"  # announced when somebody is forgotten: the role `contacts` sends it on
_AT_ONCE = 500


class Erased(Struct, frozen=True):
    """Whom was forgotten: the old public id, and the hashes of the addresses that are not written to any more."""

    contact_id: str
    hashes: list[str]


def erase(store: Store, ref: str, now: int | None = None) -> Erased:
    """Forget the contact of this id, email or userId. Raises Refused (404) where there is none."""
    with store.write() as connection:
        return erase_in(store, connection, ref, now or now_micros())


def erase_in(store: Store, connection: Connection, ref: str, now: int) -> Erased:
    """The same within a transaction of the caller's."""
    hold_writers(connection)
    person = finding.get(connection, ref)
    held = connection.execute(queries.identities_of(person.id)).all()
    emails = {row.value for row in held if row.kind == Kind.EMAIL}
    others = [row.value for row in held if row.kind != Kind.EMAIL]
    if person.email_key:
        emails.add(person.email_key)
    hashes = sorted(erased(email) for email in emails)
    suppress(connection, [NewSuppression(one, EVERYWHERE, "erased") for one in hashes], now)
    for statement in queries.erase(person.id, sorted(emails)):
        connection.execute(statement)
    spellings = sorted(emails | {(person.email or "").lower()} - {""})
    for statement in queries.erase_calls(spellings, [*others, public(person.id)]):
        connection.execute(statement)
    connection.execute(queries.change_note(person.id))
    connection.execute(queries.add_erasure(person.id, hashes, now))
    store.announce(connection, TOPIC)
    return Erased(public(person.id), hashes)


def tell(store: Store, log: Log, now: int | None = None) -> int:
    """Send on the erasures that were not yet: each as a track of every AutopilotHQ source; how many they were.

    A crash may append one again, with the same messageId: dedupe drops it. Raises Later where the log takes nothing.
    """
    with store.read() as connection:
        rows = connection.execute(queries.untold_erasures(_AT_ONCE)).all()
        source_ids = list(connection.execute(queries.autopilot_sources()).scalars()) if rows else []
    installation = installation_of(store)
    records = [record for row in rows for record in told(row, source_ids, installation, now or now_micros())]
    if records:
        log.append(records)
    if rows:
        with store.write() as connection:
            connection.execute(queries.note_told([row.id for row in rows]))
    return len(rows)


def told(row: Row[Any], source_ids: list[str], installation: uuid.UUID, now: int) -> list[NewRecord]:
    """An erasure as records of the log. Nothing in it says who it was, to anybody who does not know the address."""
    own = public(row.contact_id)
    event = {
        "type": "track",
        "event": "Contact Erased",
        "messageId": str(uuid.uuid5(installation, f"erased|{own}")),
        "anonymousId": own,
        "properties": {"contact_id": own, "email_hashes": row.hashes},
        "context": {"traits": {"contact_id": own}},
        "timestamp": iso_millis(row.at),
    }
    ids = str(event["messageId"])
    return [
        NewRecord(now, source_id, "track", "", id_hashes(source_id, [ids]), json.encode(event))
        for source_id in source_ids
    ]
