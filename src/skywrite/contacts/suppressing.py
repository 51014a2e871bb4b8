"""How addresses come on the suppression list and off it: the one place that writes it. The caller commits."""

from collections.abc import Collection, Iterable
from typing import Literal

from msgspec import Struct
from sqlalchemy import Connection, delete, exists, select

from skywrite.contacts.addresses import ERASED_BEFORE, ERASED_FROM, erased
from skywrite.contacts.subscription import EVERYWHERE
from skywrite.store.bulk import among
from skywrite.store.engine import insert
from skywrite.store.mail_tables import suppressions

_LONGEST_EVIDENCE = 1000
Reason = Literal["unsubscribed", "hard_bounce", "complaint", "repeated_soft", "manual", "imported", "erased"]


class NewSuppression(Struct, frozen=True):
    """A row to add; `address` is folded, `scope` is "all" or a topic's id."""

    address: str
    scope: str
    reason: Reason
    evidence: str = ""


def suppress(connection: Connection, wanted: Iterable[NewSuppression], now: int) -> int:
    """Add rows; gives how many are new: one that is there already stays with its date and evidence.

    A row without an address, which is all that is left of an erased contact's message, is passed over.
    """
    rows = [
        {
            "address": one.address,
            "scope": one.scope,
            "reason": one.reason,
            "since": now,
            "evidence": one.evidence[:_LONGEST_EVIDENCE],
        }
        for one in wanted
        if one.address
    ]
    if not rows:
        return 0
    adding = insert(connection, suppressions).on_conflict_do_nothing(index_elements=["address", "scope", "reason"])
    return len(connection.execute(adding.returning(suppressions.c.address), rows).all())


def has_erased(connection: Connection) -> bool:
    """Whether the address of any erased contact is kept."""
    kept = suppressions.c.address >= ERASED_FROM, suppressions.c.address < ERASED_BEFORE
    return bool(connection.execute(select(exists().where(*kept))).scalar_one())


def keep_erased(connection: Connection, addresses: Collection[str], now: int) -> None:
    """Who was erased and comes back is not written to: their address, now that it is theirs, stands on the list again.

    The hash alone says so to who sends; with the address in clear everything that looks people up by it sees it too.
    """
    if not addresses or not has_erased(connection):
        return
    by_hash = {erased(address): address for address in addresses}
    known = select(suppressions.c.address, suppressions.c.scope).where(
        among(connection, suppressions.c.address, by_hash), suppressions.c.reason == "erased"
    )
    rows = connection.execute(known).all()
    suppress(connection, [NewSuppression(by_hash[row.address], row.scope, "erased") for row in rows], now)


def unsuppress(connection: Connection, address: str, scope: str, *reasons: str) -> bool:
    """Take these reasons away, others stay; whether any was there."""
    gone = delete(suppressions).where(
        suppressions.c.address == address, suppressions.c.scope == scope, suppressions.c.reason.in_(reasons)
    )
    return connection.execute(gone).rowcount > 0


def follow_wish(connection: Connection, address: str, now: int, evidence: str = "", *, wants_mail: bool) -> None:
    """By the trait `unsubscribed`: no marketing mail, or what the trait forbade is taken back and nothing else."""
    if wants_mail:
        unsuppress(connection, address, EVERYWHERE, "unsubscribed")
    else:
        suppress(connection, [NewSuppression(address, EVERYWHERE, "unsubscribed", evidence)], now)
