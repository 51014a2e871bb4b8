"""A sent mail looked at again: in a browser by its reader, or by whoever runs the channel."""

from typing import Any

from sqlalchemy import Connection, Row, select

from skywrite.channels.email.filling import message_of, places_of, source_of
from skywrite.channels.email.outbox import queries
from skywrite.channels.email.settings.service import read_settings
from skywrite.channels.email.templates.model import Version
from skywrite.channels.email.templates.rendering import Person, Renderer
from skywrite.channels.email.templates.service import load_version
from skywrite.channels.email.tokens import Tokens
from skywrite.kit.errors import Refused
from skywrite.store.contact_tables import contacts
from skywrite.store.engine import Store
from skywrite.store.mail_tables import messages


class Viewing:
    """Renders messages of the outbox anew, with the person as they are known now."""

    def __init__(self, store: Store, tokens: Tokens, base_url: str) -> None:
        self._store, self._tokens, self._base_url = store, tokens, base_url

    def __call__(self, message_id: int) -> bytes | None:
        """The HTML of a message; None where it is gone, was never sent, or cannot be rendered any more."""
        with self._store.read() as connection:
            row = connection.execute(_message(message_id)).first()
            if row is None or not row.email:
                return None
            body: dict[str, Any] = next((one.body for one in connection.execute(queries.bodies([message_id]))), {})
            places = places_of(read_settings(connection).email, self._base_url)
            renderer = Renderer(self._tokens, places)
            try:
                version = _version(connection, renderer, row, body)
                person = Person(row.email, row.contact_id, row.user_id, row.traits or {})
                words = renderer.words(version, person, message_of(row, body), renderer.marks(message_id))
            except Refused:
                return None
        return (words.html or f"<pre>{_escaped(words.text)}</pre>").encode()


def _message(message_id: int) -> Any:
    known = messages.outerjoin(contacts, contacts.c.id == messages.c.contact_id)
    return select(messages, contacts.c.user_id, contacts.c.traits).select_from(known).where(messages.c.id == message_id)


def _version(connection: Connection, renderer: Renderer, row: Row[Any], body: dict[str, Any]) -> Version:
    if row.template_id is None:
        return renderer.inline(source_of(body))
    if row.version is None:
        raise Refused("It was not sent yet.", where="version")
    return load_version(connection, row.template_id, row.version)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
