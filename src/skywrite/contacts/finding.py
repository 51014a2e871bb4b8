"""One contact by what a person calls it: `person_12` (also of one that was merged), email, userId or anonymousId."""

from sqlalchemy import Connection, select

from skywrite.contacts import ids, search_queries
from skywrite.contacts.apply import people
from skywrite.contacts.identity_texts import ANONYMOUS_ID, EMAIL, USER_ID, key_of
from skywrite.contacts.world import Person
from skywrite.kit.errors import Refused
from skywrite.store.contact_tables import contacts


def found(connection: Connection, ref: str) -> int:
    """The number inside of the contact that `ref` names. Raises Refused (404) where there is none."""
    number = ids.number(ref)
    if number is not None:
        for _ in range(8):  # a merged contact may have been merged again
            if connection.execute(select(contacts.c.id).where(contacts.c.id == number)).scalar() is not None:
                return number
            number = connection.execute(search_queries.merged_into(number)).scalar()
            if number is None:
                break
    elif "\x00" not in ref and len(ref) <= 500:
        for kind in (EMAIL, USER_ID, ANONYMOUS_ID):
            contact_id = connection.execute(search_queries.by_identity(kind, key_of(kind, ref))).scalar()
            if contact_id is not None:
                return int(contact_id)
    raise Refused(f"There is no contact {ref[:80]!r}.", where="contact", status=404)


def get(connection: Connection, ref: str) -> Person:
    """The same, with what is known of them. Raises Refused (404) where there is none."""
    number = found(connection, ref)
    return people(connection, [number])[number]
