"""Forget-me: one transaction takes away everything that says who a contact is.

What stays: the counts of its messages, without address, subject and contact; and the hash of each of its addresses, so
that nobody mails them again, whoever imports them. That hash is sent on too, see docs/identity.md.
"""

import hashlib

from msgspec import Struct
from sqlalchemy import Connection

from skywrite.contacts import finding, queries
from skywrite.contacts.activity import hold_writers
from skywrite.contacts.identity import Kind
from skywrite.contacts.ids import public
from skywrite.kit import json
from skywrite.kit.hashing import id_hashes
from skywrite.kit.time import iso_millis, now_micros
from skywrite.log.base import Log, NewRecord
from skywrite.store.engine import Store


class Erased(Struct, frozen=True):
    """Whom was forgotten: the old public id, and the hashes of the addresses that are not written to any more."""

    contact_id: str
    hashes: list[str]


def address_hash(email_key: str) -> str:
    """A folded address as an erased contact's suppression has it."""
    return "sha256:" + hashlib.sha256(email_key.encode()).hexdigest()


def erase(store: Store, ref: str, now: int | None = None) -> Erased:
    """Forget the contact of this id, email or userId. Raises Refused (404) where there is none."""
    with store.write() as connection:
        return erase_in(connection, ref, now or now_micros())


def erase_in(connection: Connection, ref: str, now: int) -> Erased:
    """The same within a transaction of the caller's."""
    hold_writers(connection)
    person = finding.get(connection, ref)
    emails = {row.value for row in connection.execute(queries.identities_of(person.id)) if row.kind == Kind.EMAIL}
    if person.email_key:
        emails.add(person.email_key)
    hashes = sorted(address_hash(email) for email in emails)
    queries.suppress(connection, hashes, "erased", now)
    for statement in queries.erase(person.id, sorted(emails)):
        connection.execute(statement)
    connection.execute(queries.change_note(person.id))
    return Erased(public(person.id), hashes)


def told(erased: Erased, source_ids: list[str], now: int) -> list[NewRecord]:
    """The erasure as a track for each AutopilotHQ source, to be appended to the log: nothing of it says who it was."""
    event = {
        "type": "track",
        "event": "Contact Erased",
        "messageId": f"erased-{erased.contact_id}-{now}",
        "anonymousId": erased.contact_id,
        "properties": {"contact_id": erased.contact_id, "email_hashes": erased.hashes, "reason": "erased"},
        "context": {"traits": {"contact_id": erased.contact_id}},
        "timestamp": iso_millis(now),
    }
    body = json.encode(event)
    return [
        NewRecord(now, source_id, "track", "", id_hashes(source_id, [str(event["messageId"])]), body)
        for source_id in source_ids
    ]


def tell(log: Log, erased: Erased, source_ids: list[str], now: int | None = None) -> None:
    """Send the erasure on. Raises Later where the log takes nothing."""
    if source_ids:
        log.append(told(erased, source_ids, now or now_micros()))
