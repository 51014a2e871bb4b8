"""A sent mail looked at again: in a browser by its reader, or by whoever runs the channel."""

from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, select

from skywrite.channels.email.filling import message_of, places_of, source_of
from skywrite.channels.email.outbox import queries
from skywrite.channels.email.settings.service import read_settings
from skywrite.channels.email.templates.model import MailPlaces, Version
from skywrite.channels.email.templates.previews import click_map
from skywrite.channels.email.templates.rendering import Person, Renderer, Words
from skywrite.channels.email.templates.service import load_version
from skywrite.channels.email.tokens import Purpose, Tokens
from skywrite.kit import json
from skywrite.kit.errors import Refused
from skywrite.store.contact_tables import contacts
from skywrite.store.engine import Store
from skywrite.store.mail_tables import broadcasts, messages, templates

_NOWHERE = Tokens({1: b"looked at"})  # no token of a mail that is looked at leads anywhere


class Seen(Struct, frozen=True):
    """A mail as it reads; where it can't be shown, `refusal` says why and the parts are empty."""

    subject: str = ""
    html: str = ""
    text: str = ""
    refusal: str = ""


def as_sent(store: Store, base_url: str, message_id: int) -> Seen:
    """A message for whoever runs the channel: its links are plain and it counts nothing when it is opened."""
    with store.read() as connection:
        try:
            words = _words(connection, Renderer(_NOWHERE, _places(connection, base_url)), message_id, is_counted=False)
        except Refused as error:
            return Seen(refusal=str(error))
    return Seen(words.subject, words.html, words.text)


def map_of(store: Store, base_url: str, about: str, key: int | str, person: Person) -> str:
    """The HTML that a report's clicks are laid over: the version that is sent now, or that a broadcast was made of.

    Each counted link's address is `#` and its id. A template's is filled in with what its last message brought along.
    Raises Refused where there is none.
    """
    with store.read() as connection:
        row = connection.execute(_version_of(about, key)).first()
        if row is None or row.version is None:
            raise Refused("There is no published mail to show it on.", where="key", status=404)
        data = _last_data(connection, key) if about == "template" else {}
        return click_map(load_version(connection, *row), _places(connection, base_url), person, data)


class Viewing:
    """Renders messages of the outbox anew, with the person as they are known now."""

    def __init__(self, store: Store, tokens: Tokens, base_url: str) -> None:
        self._store, self._tokens, self._base_url = store, tokens, base_url

    def __call__(self, message_id: int) -> bytes | None:
        """The HTML of a message; None where it is gone, was never sent, or cannot be rendered any more."""
        with self._store.read() as connection:
            renderer = Renderer(self._tokens, _places(connection, self._base_url))
            try:
                words = _words(connection, renderer, message_id, is_counted=True)
            except Refused:
                return None
        return (words.html or f"<pre>{_escaped(words.text)}</pre>").encode()


def _places(connection: Connection, base_url: str) -> MailPlaces:
    return places_of(read_settings(connection).email, base_url)


def _words(connection: Connection, renderer: Renderer, message_id: int, *, is_counted: bool) -> Words:
    row = connection.execute(_message(message_id)).first()
    if row is None or not row.email:
        raise Refused("It went to nobody, or to somebody who is forgotten.", where="message")
    body = _body(connection, message_id)
    version = _version(connection, renderer, row, body)
    person = Person(row.email, row.contact_id, row.user_id, row.traits or {})
    message = message_of(row, body)
    if not is_counted:
        return renderer.words(version, person, message)
    marks = renderer.marks(version, message)
    marks.unsubscribe = _NOWHERE.token(
        Purpose.UNSUBSCRIBE, 0
    )  # the page's address may be passed on, the mail's choice not
    return renderer.words(version, person, message, marks)


def _version_of(about: str, key: int | str) -> Any:
    if about == "template":
        return select(templates.c.id, templates.c.version).where(templates.c.id == key)
    if about == "broadcast":
        return select(broadcasts.c.template_id, broadcasts.c.version).where(broadcasts.c.id == key)
    raise Refused("A campaign is of several mails.", where="kind", status=404)


def _last_data(connection: Connection, template_id: int | str) -> dict[str, Any]:
    of_template = select(messages.c.id).where(messages.c.template_id == template_id)
    last = connection.execute(of_template.order_by(messages.c.queued_at.desc(), messages.c.id.desc()).limit(1)).scalar()
    return _body(connection, last).get("data") or {} if last is not None else {}


def _body(connection: Connection, message_id: int) -> dict[str, Any]:
    """What a message brought along."""
    kept = connection.execute(queries.bodies([message_id])).first()
    return json.decode(kept.body) if kept else {}


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
