"""What the rules ask the store about messages: read for a whole batch at once."""

from collections.abc import Collection

from sqlalchemy import Connection

from skywrite.channels.email.outbox import queries
from skywrite.contacts.addresses import erased
from skywrite.contacts.suppressing import has_erased

Suppressions = dict[str, list[tuple[str, str]]]  # by folded address: (scope, reason)


def suppressions_of(connection: Connection, addresses: Collection[str]) -> Suppressions:
    """What stands against each of these addresses, in the form that messages have them; those of erased contacts are
    known by their hash.
    """
    asked = {address: address for address in addresses}
    if has_erased(connection):
        asked |= {erased(address): address for address in addresses}
    found: Suppressions = {}
    for address, scope, reason in connection.execute(queries.suppressed(connection, asked)):
        found.setdefault(asked[address], []).append((scope, reason))
    return found
