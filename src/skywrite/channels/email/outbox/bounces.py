"""What a bounce does to its address: a hard one, and soft ones again and again, put it on the suppression list."""

from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import Connection

from skywrite.channels.email.outbox import queries
from skywrite.channels.email.outbox.rules import ALL, Rules, are_hard
from skywrite.contacts.suppressing import NewSuppression, suppress


class Bounced(Struct, frozen=True):
    """A message to this folded address has bounced, and its row says so."""

    address: str
    bounce_class: str
    evidence: str  # the server's words, a report's


def note_bounces(connection: Connection, bounced: Iterable[Bounced], *, now: int, rules: Rules) -> None:
    """Suppress the addresses that are dead by these bounces; once their rows are written, in the same transaction."""
    found = []
    for one in bounced:
        if not one.address:
            continue  # of somebody who was erased: mails to strangers are not each other's history
        if one.bounce_class == "hard":
            found.append(NewSuppression(one.address, ALL, "hard_bounce", one.evidence))
        elif one.bounce_class == "soft" and _is_dead(connection, one.address, rules):
            found.append(NewSuppression(one.address, ALL, "repeated_soft", one.evidence))
    suppress(connection, found, now)


def _is_dead(connection: Connection, address: str, rules: Rules) -> bool:
    softs, life = [], 0
    for row in connection.execute(queries.soft_bounces(address)):
        if row.bounce_class == "soft" and row.bounced_at:
            softs.append(row.bounced_at)
        delivered = 0 if row.bounced_at else row.delivered_at or 0
        life = max(life, delivered, row.opened_at or 0, row.clicked_at or 0, row.replied_at or 0)
    return are_hard(softs, life, rules)
