"""What the timeline says of a message that is not sent."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Connection

from skywrite.channels.email.outbox.rules import SENTENCES, Skip
from skywrite.contacts.activity import Activity, Kind, add_activities

SKIPPED = "Email Skipped"


class Skipped(Struct, frozen=True):
    """A message, its contact, and why it is not sent."""

    message_id: int
    contact_id: int
    why: Skip


def tell_skipped(connection: Connection, skipped: Sequence[Skipped], at: int) -> None:
    """Write it on each contact's timeline."""
    add_activities(
        connection,
        [
            Activity(
                one.contact_id, at, Kind.EMAIL, SKIPPED, {"reason": one.why, "said": SENTENCES[one.why]}, one.message_id
            )
            for one in skipped
        ],
    )
