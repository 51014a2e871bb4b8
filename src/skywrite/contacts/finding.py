"""One contact by what a person calls it: `person_12`, also of one that was merged, an email, or a userId."""

from sqlalchemy import Connection

from skywrite.contacts import queries
from skywrite.contacts.addresses import folded
from skywrite.contacts.apply import people
from skywrite.contacts.identity import Kind
from skywrite.contacts.ids import number
from skywrite.contacts.world import Person
from skywrite.kit.errors import Refused
from skywrite.store.types import key


def find(connection: Connection, ref: str) -> Person | None:
    """The contact that `ref` means, if there is one: by its public id, or one of its ids."""
    own = number(ref)
    if own is not None:
        known = people(connection, [own])
        if not known:
            kept = connection.execute(queries.merged_into(own)).scalar()
            known = people(connection, [kept]) if kept is not None else {}
        return next(iter(known.values()), None)
    for kind, value in ((Kind.EMAIL, folded(ref)), (Kind.USER, key(ref))):
        for _, contact_id in queries.owners(connection, kind, [value] if value else []):
            return people(connection, [contact_id]).get(contact_id)
    return None


def get(connection: Connection, ref: str) -> Person:
    """The same. Raises Refused (404) where there is none."""
    found = find(connection, ref)
    if found is None:
        raise Refused(f"There is no contact {ref[:80]!r}.", where="contact", status=404)
    return found
