"""Messages that a program asks for: whom they go to, what they say, and that the same key is the same message."""

import hashlib
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, select

from skywrite.channels.email.outbox import queries
from skywrite.channels.email.outbox.addresses import is_writable
from skywrite.channels.email.outbox.enqueue import enqueue
from skywrite.channels.email.outbox.kept import read_rules
from skywrite.channels.email.outbox.model import TOPIC, Enqueued, NewMessage, Origin
from skywrite.channels.email.templates.bodies import check_body
from skywrite.contacts import ids
from skywrite.contacts.addresses import address_key
from skywrite.contacts.service import made_for
from skywrite.kit import json
from skywrite.kit.errors import Refused
from skywrite.store.contact_tables import contacts, identities
from skywrite.store.engine import Store
from skywrite.store.mail_tables import templates
from skywrite.store.types import key as stored_key

_USER_ID, _EMAIL = 1, 3  # kinds of identities
_FINGERPRINT = "fingerprint"
_BY = "a message"  # on the timeline of a contact that was made for one


class To(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One of the three: a contact's id (`person_12`), its user id, or an email address, of a contact or of nobody.

    An email beside one of the others is where this message goes. `create` makes the contact where there is none.
    """

    contact_id: str = ""
    user_id: str = ""
    email: str = ""
    create: bool = False


class Asked(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is to be sent: a template, or a subject with HTML or text; `data` is for the template."""

    to: To
    template_id: int | None = None
    data: dict[str, Any] = {}
    subject: str = ""
    html: str = ""
    text: str = ""
    from_name: str = ""
    from_address: str = ""
    reply_to: str = ""
    topic_id: int | None = None
    is_transactional: bool | None = None  # None: as the template is; a body of its own is transactional


def ask(store: Store, asked: Asked, key: str, *, now: int, origin: Origin = Origin.API) -> Enqueued:
    """Put what a program asks for into the outbox, once by its key: who asks again is told what stands there.

    Raises Refused: 404 for a contact that there is not, 409 where the key stands for another message or the template
    is of the other kind, 400 where it is unclear what to send, or a body can be sent to nobody.
    """
    _check(asked)
    if origin is Origin.API and asked.template_id is None:
        check_body(asked.subject, asked.html, asked.text)
    fingerprint = hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).hexdigest()
    with store.write() as connection:
        full_key = f"{origin}:{key}"
        stored = _under(connection, full_key)
        if stored is None:
            message = _message(store, connection, asked, full_key, origin, fingerprint, now)
            (stored,) = enqueue(connection, [message], now=now, rules=read_rules(connection))
        kept = json.decode(connection.execute(queries.bodies([stored.id])).one().body)
        if kept.get(_FINGERPRINT) != fingerprint:
            raise Refused("This key was used for another message.", where="key", status=409)
        store.announce(connection, TOPIC)
    return stored


def _under(connection: Connection, full_key: str) -> Enqueued | None:
    """The message of a key, whatever became of its template since."""
    row = connection.execute(queries.known_keys(connection, [stored_key(full_key)])).first()
    return Enqueued(row.id, full_key, row.state, row.reason, False) if row is not None else None


def _check(asked: Asked) -> None:
    to = asked.to
    if not (to.contact_id or to.user_id or to.email) or (to.contact_id and to.user_id):
        raise Refused("`to` must have one of contact_id, user_id and email.", where="to")
    if to.create and to.contact_id:
        raise Refused("A contact is made of a user_id and an email, not of a contact_id.", where="to.contact_id")
    if to.create and not to.email:
        raise Refused("To make a contact, `to` must have its email.", where="to.email")
    if asked.to.email and not is_writable(asked.to.email.strip()):
        raise Refused(f"{asked.to.email!r} is not an email address.", where="to.email")
    for name in ("from_address", "reply_to"):
        address = getattr(asked, name).strip()
        if address and not is_writable(address):
            raise Refused(f"{address[:80]!r} is not an email address.", where=name)
    if asked.template_id is None and not (asked.subject and (asked.html or asked.text)):
        raise Refused("A message needs a template_id, or a subject with html or text.", where="template_id")
    if asked.template_id is not None and (asked.html or asked.text):
        raise Refused("A message has a template or a body of its own, not both.", where="html")


def _message(
    store: Store, connection: Connection, asked: Asked, key: str, origin: Origin, fingerprint: str, now: int
) -> NewMessage:
    contact_id, email = _recipient(store, connection, asked.to, now)
    template = _template(connection, asked.template_id) if asked.template_id is not None else None
    is_transactional = _is_transactional(asked, template)
    body = {
        name: value
        for name, value in msgspec.structs.asdict(asked).items()
        if name not in ("to", "template_id", "topic_id", "is_transactional") and value
    }
    if template is None and not is_transactional:
        body |= {"is_transactional": False, "topic_id": asked.topic_id}
    return NewMessage(
        key=key,
        origin=origin,
        email=email,
        contact_id=contact_id,
        template_id=asked.template_id,
        version=template.version if template is not None else None,
        topic_id=asked.topic_id or (template.topic_id if template is not None else None),
        is_transactional=is_transactional,
        body=body | {_FINGERPRINT: fingerprint},
    )


def _is_transactional(asked: Asked, template: Row[Any] | None) -> bool:
    """By the template, whose mails are made of that kind: what rules ask and what headers say must not differ."""
    if template is None:
        return asked.is_transactional is not False
    if asked.is_transactional not in (None, template.is_transactional):
        kind = "transactional" if template.is_transactional else "marketing"
        raise Refused(f"The template is a {kind} one: change that there.", where="is_transactional", status=409)
    return bool(template.is_transactional)


def _template(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(templates).where(templates.c.id == number)).one_or_none()
    if row is None or row.removed_at is not None:
        raise Refused(f"There is no template {number}.", where="template_id", status=404)
    if row.version is None:
        raise Refused("The template is not published.", where="template_id", status=409)
    return row


def _recipient(store: Store, connection: Connection, to: To, now: int) -> tuple[int | None, str]:
    """The contact, and the address; an email of nobody's is written to all the same."""
    number = ids.number(to.contact_id) if to.contact_id else _known(connection, to)
    if number is None and to.create:
        number = made_for(store, connection, to.email, to.user_id, now, _BY)
    row = None
    if number is not None:
        merged = connection.execute(queries.merged_into([number])).first()
        number = merged[1] if merged else number
        row = connection.execute(select(contacts.c.id, contacts.c.email).where(contacts.c.id == number)).first()
    if row is None:
        if to.contact_id or to.user_id:
            raise Refused(f"There is no contact {to.contact_id or to.user_id}.", where="to", status=404)
        return None, to.email.strip()
    return row.id, to.email.strip() or row.email or ""


def _known(connection: Connection, to: To) -> int | None:
    kind, value = (_USER_ID, to.user_id.strip()) if to.user_id else (_EMAIL, address_key(to.email))
    found = select(identities.c.contact_id).where(identities.c.kind == kind, identities.c.value == value)
    number = connection.execute(found).scalar()
    if number is None and kind == _EMAIL:
        number = connection.execute(select(contacts.c.id).where(contacts.c.email_key == value)).scalar()
    return number
