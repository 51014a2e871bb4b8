"""The suppression list: whom not to write to, and why. Every row has its evidence; adding and removing is told."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Connection, or_, select, tuple_

from skywrite.channels.email.outbox.addresses import is_writable
from skywrite.channels.email.outbox.rules import ALL
from skywrite.contacts.activity import Activity, Kind, add_activities, hold_writers
from skywrite.contacts.addresses import ERASED_FROM, address_key, erased
from skywrite.contacts.suppressing import NewSuppression, Reason, suppress, unsuppress
from skywrite.kit.errors import Refused
from skywrite.store.contact_tables import contacts
from skywrite.store.engine import Store
from skywrite.store.mail_tables import suppressions


class Suppression(Struct, frozen=True):
    """A row of the list."""

    address: str
    scope: str
    reason: str
    since: int
    evidence: str


class Suppressions:
    """The list as a person handles it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def listed(
        self, search: str = "", *, reason: str = "", after: Suppression | None = None, limit: int = 50
    ) -> list[Suppression]:
        """The newest first, those whose address begins with `search`; `after` is the last one seen."""
        chosen = select(suppressions)
        if search:
            prefix = address_key(search)
            chosen = chosen.where(
                or_(
                    suppressions.c.address.between(prefix, prefix + "\U0010ffff"),
                    suppressions.c.address == erased(prefix),
                )
            )
        if reason:
            chosen = chosen.where(suppressions.c.reason == reason)
        own = suppressions.c
        if after:
            behind = tuple_(own.address, own.scope, own.reason) > tuple_(after.address, after.scope, after.reason)
            chosen = chosen.where(or_(own.since < after.since, (own.since == after.since) & behind))
        chosen = chosen.order_by(own.since.desc(), own.address, own.scope, own.reason).limit(limit)
        with self._store.read() as connection:
            return [Suppression(*row) for row in connection.execute(chosen)]

    def add(self, emails: Sequence[str], *, by: str, now: int, reason: Reason = "manual", scope: str = ALL) -> int:
        """Suppress addresses; gives how many. Raises Refused for one that is no address: then none is added."""
        wrong = next((email for email in emails if not is_writable(email.strip())), None)
        if wrong is not None:
            raise Refused(f"{wrong!r} is not an email address.", where="addresses")
        addresses = [address_key(email) for email in emails]
        with self._store.write() as connection:
            hold_writers(connection)
            suppress(connection, [NewSuppression(one, scope, reason, f"by {by}") for one in addresses], now)
            _tell(connection, addresses, "Unsubscribed", {"method": reason, "by": by, "scope": scope}, now)
        return len(addresses)

    def remove(self, email: str, scope: str, reason: str, *, by: str, now: int) -> None:
        """Take one row off the list, which is told on the contact's timeline.

        Raises Refused where there is none, and for an erased contact's, which nobody can take back.
        """
        address = email if email.startswith(ERASED_FROM) else address_key(email)
        if reason == "erased":
            raise Refused("A contact that was erased stays on the list.", where="reason", status=409)
        with self._store.write() as connection:
            hold_writers(connection)
            if not unsuppress(connection, address, scope, reason):
                raise Refused(f"{email} is not on the list for this reason.", where="address", status=404)
            _tell(connection, [address], "Resubscribed", {"method": "removed", "by": by, "was": reason}, now)


def _tell(connection: Connection, addresses: Sequence[str], name: str, data: dict[str, str], now: int) -> None:
    known = select(contacts.c.id).where(contacts.c.email_key.in_(addresses))
    ids = connection.execute(known).scalars().all()
    add_activities(connection, [Activity(number, now, Kind.CONTACT, name, data) for number in ids])
