"""What the unsubscribe page shows of a recipient, read from the store."""

from skywrite.channels.email.observing import queries
from skywrite.channels.email.observing.pages import Preferences, TopicChoice, masked
from skywrite.channels.email.outbox.facts import suppressions_of
from skywrite.channels.email.outbox.rules import ALL
from skywrite.store.engine import Store

_OWN = "unsubscribed"  # the one reason that the recipient gives, and may take back


class StoredRecipients:
    """The recipients of the outbox's messages."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def preferences(self, message_id: int) -> Preferences | None:
        """Whom the page is for and what they chose; None where the message is not known. Raises Later."""
        with self._store.read() as connection:
            message = connection.execute(queries.address_of(message_id)).one_or_none()
            if message is None:
                return None
            against = suppressions_of(connection, {message.address}).get(message.address, [])
            topics = connection.execute(queries.live_topics()).all()
        off = {scope for scope, reason in against if reason == _OWN}
        is_off = ALL in off
        return Preferences(
            masked(message.email),
            is_off=is_off,
            is_stopped=any(scope == ALL and reason != _OWN for scope, reason in against),
            topics=[
                TopicChoice(row.id, row.name, row.description, not (is_off or str(row.id) in off)) for row in topics
            ],
        )
